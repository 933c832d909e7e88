package dev.kith.node.jobs.attempt;

import java.io.IOException;
import java.io.InputStream;

/** What an attempt reads; each attempt opens it anew. Thread-safe. */
public interface AttemptInput {
  /** The bytes on the part's stdin. */
  InputStream openStdin() throws IOException;

  /** The program's bytes, for a peer that has it not. */
  InputStream openProgram() throws IOException;
}
