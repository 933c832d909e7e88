package dev.kith.libp2p.swarm;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that wait to be sent, over all connections of a host. Thread-safe. */
final class SendMemory {
  private final int connectionMax;
  private final long totalMax;
  private final AtomicLong total = new AtomicLong();

  SendMemory(int connectionMax, long totalMax) {
    this.connectionMax = connectionMax;
    this.totalMax = totalMax;
  }

  /** What one connection may have waiting at this moment before its writers have to wait. */
  long connectionMax() {
    return total.get() > totalMax ? connectionMax / 8 : connectionMax;
  }

  void add(long bytes) {
    total.addAndGet(bytes);
  }
}
