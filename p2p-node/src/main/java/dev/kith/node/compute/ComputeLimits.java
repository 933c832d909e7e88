package dev.kith.node.compute;

import java.time.Duration;

/**
 * What this device lends to jobs.
 *
 * @param slots parts that run at once, 0 to 256; 0 = this device runs none
 * @param queued attempts that may wait for a slot, 0 to 1,024
 * @param memoryMiB linear memory of one part, 1 to 2,047
 * @param partTime the longest that one part may run, at most a day
 * @param answerBytes the longest answer of one part
 * @param programsBytes room for programs and their compiled forms on disk
 * @param idleTime after which a worker process without work is ended
 */
public record ComputeLimits(
    int slots,
    int queued,
    int memoryMiB,
    Duration partTime,
    long answerBytes,
    long programsBytes,
    Duration idleTime) {
  /** The longest program, in bytes: 64 MiB. */
  public static final int PROGRAM_BYTES_MAX = 64 << 20;

  public ComputeLimits {
    check(slots >= 0 && slots <= 256, "slots: " + slots);
    check(queued >= 0 && queued <= 1024, "queued: " + queued);
    check(memoryMiB >= 1 && memoryMiB <= 2047, "memoryMiB: " + memoryMiB);
    check(
        partTime.isPositive() && partTime.compareTo(Duration.ofDays(1)) <= 0,
        "partTime: " + partTime);
    check(answerBytes > 0, "answerBytes: " + answerBytes);
    check(programsBytes >= PROGRAM_BYTES_MAX, "programsBytes: " + programsBytes);
    check(idleTime.isPositive(), "idleTime: " + idleTime);
  }

  /**
   * Sensible limits for a device that runs {@code slots} parts at once. More may wait than a
   * coordinator sends at once: attempts that it has just cancelled still hold their places when the
   * next ones arrive.
   */
  public static ComputeLimits ofSlots(int slots) {
    return new ComputeLimits(
        slots,
        capacity(slots),
        256,
        Duration.ofMinutes(10),
        64L << 20,
        1L << 30,
        Duration.ofMinutes(5));
  }

  /** Attempts that one job may have at a device with {@code slots} slots, running and waiting. */
  public static int capacity(int slots) {
    return slots + Math.max(2, 2 * slots);
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
