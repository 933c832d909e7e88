package dev.kith.libp2p.transport;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that wait to be sent, over all connections of a host. Thread-safe. */
public final class SendMemory {
  private final int connectionMax;
  private final long totalMax;
  private final AtomicLong total = new AtomicLong();

  /**
   * Both bounds in bytes.
   *
   * @param connectionMax of one connection, before its writers have to wait
   * @param totalMax of all; beyond it each connection is held to an eighth
   */
  public SendMemory(int connectionMax, long totalMax) {
    this.connectionMax = connectionMax;
    this.totalMax = totalMax;
  }

  /** What one connection may have waiting at this moment before its writers have to wait. */
  public long connectionMax() {
    return total.get() > totalMax ? connectionMax / 8 : connectionMax;
  }

  /** Counts bytes that wait, or no longer do if negative. */
  public void add(long bytes) {
    total.addAndGet(bytes);
  }
}
