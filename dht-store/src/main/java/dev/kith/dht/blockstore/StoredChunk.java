package dev.kith.dht.blockstore;

import dev.kith.dht.chunk.ChunkId;
import java.io.Closeable;
import java.io.IOException;

/** A chunk on this device, open for reading. What it returns is not checked. Thread-safe. */
public interface StoredChunk extends Closeable {
  ChunkId id();

  /** Its stored length. */
  int length();

  /** Reads exactly {@code length} bytes from {@code position} of the chunk on. */
  void read(int position, byte[] target, int offset, int length) throws IOException;

  /** The hashes of its frames as they were when it was stored, 32 bytes each. */
  byte[] leaves() throws IOException;

  @Override
  void close() throws IOException;
}
