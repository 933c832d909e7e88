package dev.kith.ledger.replica;

/**
 * What one peer may cause to be sent: bytes that flow in at a rate, up to a reserve. Thread-safe.
 */
final class Allowance {
  private final int bytesPerSecond;
  private final int reserveBytes;
  private double left;
  private long at;

  Allowance(int bytesPerSecond, int reserveBytes, long nowMillis) {
    this.bytesPerSecond = bytesPerSecond;
    this.reserveBytes = reserveBytes;
    left = reserveBytes;
    at = nowMillis;
  }

  /** Spends so many bytes, if there are as many. */
  synchronized boolean spend(int bytes, long nowMillis) {
    left =
        Math.min(
            reserveBytes, left + Math.max(0, nowMillis - at) * (double) bytesPerSecond / 1_000);
    at = nowMillis;
    if (bytes > left) {
      return false;
    }
    left -= bytes;
    return true;
  }
}
