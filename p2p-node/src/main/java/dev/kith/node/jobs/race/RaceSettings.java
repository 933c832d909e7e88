package dev.kith.node.jobs.race;

/**
 * The rules' numbers. Times are milliseconds.
 *
 * @param racers attempts of a part that start together, 1 + entropy
 * @param partsMax parts raced at once
 * @param failuresMax a part that failed on this many peers fails the job
 * @param resendMillis a part without an answer for this long, or for a multiple of what answers
 *     take, whichever is longer, is sent to more peers
 * @param attemptMillis after which an attempt that nothing is heard of is given up
 */
public record RaceSettings(
    int racers, int partsMax, int failuresMax, long resendMillis, long attemptMillis) {
  /** How much slower than usual a part may be before it is sent to more peers. */
  static final int RESEND_FACTOR = 4;

  /** How long a peer that could not be reached is left alone: at first, and at most. */
  static final long LOST_MILLIS = 1_000;

  static final long LOST_MILLIS_MAX = 30_000;

  /**
   * A part under which so many worker processes of one peer died counts as failed there. The first
   * ones may have died of the machine's want of memory, or by somebody's hand.
   */
  static final int WORKERS_LOST_MAX = 3;

  /** How long a peer that said busy is left alone: at first, and at most. */
  static final long BUSY_MILLIS = 100;

  static final long BUSY_MILLIS_MAX = 3_000;

  public RaceSettings {
    if (racers < 1 || partsMax < 1 || failuresMax < 1 || resendMillis < 1 || attemptMillis < 1) {
      throw new IllegalArgumentException("each of " + racers + ", " + partsMax + ", ...: below 1");
    }
  }
}
