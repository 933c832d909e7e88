package dev.kith.dht.blockstore;

import dev.kith.dht.chunk.SealedChunk;
import java.io.Closeable;
import java.io.IOException;

/**
 * A group that is being written. One thread appends and commits; others may {@link #read} what was
 * appended. Closing it without a commit leaves nothing behind.
 */
public interface GroupWriter extends Closeable {
  /**
   * Adds a chunk. Its bytes are copied before this returns.
   *
   * @throws StoreFullException when there is no room for it; the writer can only be closed then
   */
  void append(SealedChunk chunk) throws IOException;

  /** Chunks appended so far. */
  int chunks();

  /**
   * Reads back the chunk that was appended as number {@code index}, from 0, unchecked; also after
   * the commit, until this is closed.
   *
   * @param target with room for the whole chunk
   * @return its length
   */
  int read(int index, byte[] target) throws IOException;

  /** The length of the chunk that was appended as number {@code index}. */
  int length(int index);

  /** Makes the group durable. When this returns it survives a loss of power. */
  StoredGroup commit() throws IOException;

  @Override
  void close() throws IOException;
}
