package dev.kith.libp2p.yamux;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all streams of a host may together hold of received bytes that nobody has read yet, and by
 * how much their windows may grow. Thread-safe.
 *
 * <p>Windows are promises, most of which are never called in: so the bytes that really lie here are
 * bounded as well, and the stream that has hoarded most of its window when the bound is met pays.
 */
public final class ReceiveMemory {
  private final long growthBytesMax;
  private final long storedBytesMax;
  private final AtomicLong growth = new AtomicLong();
  private final AtomicLong stored = new AtomicLong();

  /**
   * Both bounds in bytes, over all connections.
   *
   * @param growthBytesMax by how much all windows together may exceed their first size
   */
  public ReceiveMemory(long growthBytesMax, long storedBytesMax) {
    this.growthBytesMax = growthBytesMax;
    this.storedBytesMax = storedBytesMax;
  }

  /** Bounds that suit this JVM's heap: a quarter of it each, 16 MiB at the least. */
  public static ReceiveMemory ofHeap() {
    long share = Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 4);
    return new ReceiveMemory(share, share);
  }

  /** Takes growth, if there is enough left. */
  boolean grow(long bytes) {
    if (growth.addAndGet(bytes) <= growthBytesMax) {
      return true;
    }
    growth.addAndGet(-bytes);
    return false;
  }

  void shrink(long bytes) {
    growth.addAndGet(-bytes);
  }

  /** Counts bytes that were received; false where the bound is exceeded with them. */
  boolean store(long bytes) {
    return stored.addAndGet(bytes) <= storedBytesMax;
  }

  void free(long bytes) {
    stored.addAndGet(-bytes);
  }

  /** Bytes that were received and not read. */
  public long stored() {
    return stored.get();
  }

  long growth() {
    return growth.get();
  }
}
