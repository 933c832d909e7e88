package dev.kith.libp2p.yamux;

import dev.kith.libp2p.resource.MemoryAccount;

/**
 * What the streams of a connection may hold of received bytes that nobody has read yet, and by how
 * much their windows may grow. Thread-safe.
 *
 * <p>Windows are promises, most of which are never called in: so the bytes that really lie here are
 * bounded as well, and the stream that has hoarded most of its window when the bound is met pays.
 * Both are counted in accounts, which may belong to larger ones: those of the peer and of the host.
 */
public final class ReceiveMemory {
  private final MemoryAccount growth;
  private final MemoryAccount stored;

  /**
   * Counts in accounts of others.
   *
   * @param growth by how much the windows exceed their first size
   * @param stored what was received and not read
   */
  public ReceiveMemory(MemoryAccount growth, MemoryAccount stored) {
    this.growth = growth;
    this.stored = stored;
  }

  /**
   * Bounds of its own, in bytes.
   *
   * @param growthBytesMax by how much all windows together may exceed their first size
   */
  public ReceiveMemory(long growthBytesMax, long storedBytesMax) {
    this(new MemoryAccount(growthBytesMax), new MemoryAccount(storedBytesMax));
  }

  /** Takes growth, if there is enough left. */
  boolean grow(long bytes) {
    return growth.take(bytes);
  }

  void shrink(long bytes) {
    growth.release(bytes);
  }

  /** Counts bytes that were received; false where the bound is exceeded with them. */
  boolean store(long bytes) {
    return stored.add(bytes);
  }

  void free(long bytes) {
    stored.release(bytes);
  }

  /** Bytes that were received and not read. */
  public long stored() {
    return stored.used();
  }

  long growth() {
    return growth.used();
  }
}
