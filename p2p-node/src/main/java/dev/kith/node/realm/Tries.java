package dev.kith.node.realm;

import java.time.Duration;

/** A bucket of tries that fills up steadily. Thread-safe. */
final class Tries {
  private final int most;
  private final double nanosEach;
  private double left;
  private long atNanos;
  private boolean begun;

  /** At most {@code most} in {@code span}, on average; as many at once after a rest. */
  Tries(int most, Duration span) {
    this.most = most;
    this.nanosEach = (double) span.toNanos() / most;
    this.left = most;
  }

  /** Takes one, where one is left. */
  synchronized boolean allowed(long nowNanos) {
    if (begun) {
      left = Math.min(most, left + (nowNanos - atNanos) / nanosEach);
    }
    begun = true;
    atNanos = nowNanos;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
