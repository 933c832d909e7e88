package dev.kith.node.files.content;

import java.io.IOException;

/** Seals and stores chunks, one after another. */
@FunctionalInterface
public interface ChunkSink {
  /**
   * Takes the first {@code length} bytes of {@code plain}, 1 to 4 MiB. They may change when this
   * returns.
   *
   * @return what names the chunk; it need not be durable yet
   */
  ChunkRef put(byte[] plain, int length) throws IOException, InterruptedException;
}
