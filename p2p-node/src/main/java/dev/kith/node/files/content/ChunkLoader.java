package dev.kith.node.files.content;

import java.io.IOException;
import org.apache.tuweni.bytes.Bytes;

/** Fetches and opens chunks. */
@FunctionalInterface
public interface ChunkLoader {
  /** The plaintext of a chunk, checked. */
  Bytes load(ChunkRef ref) throws IOException, InterruptedException;
}
