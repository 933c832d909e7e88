package dev.kith.ledger.simplex;

/**
 * Time-outs and rates of one epoch.
 *
 * @param deltaMillis assumed bound on a message's way
 * @param deltaMaxMillis what it grows to while views fail, by half at each
 * @param heartbeatActiveMillis an empty block follows the last one after this long, within a minute
 *     of a block with records
 * @param heartbeatIdleMillis the same, later
 * @param pacingMillis the least between a block with records and the next: a lone validator, whom
 *     no message delays, would spin without it
 */
public record Timing(
    int deltaMillis,
    int deltaMaxMillis,
    int heartbeatActiveMillis,
    int heartbeatIdleMillis,
    int pacingMillis) {
  /** How far a block's time may lie ahead of this validator's clock before it has to wait. */
  static final int CLOCK_AHEAD_MILLIS = 2_000;

  /** A minute after the last block with records the realm counts as idle. */
  static final int ACTIVE_MILLIS = 60_000;

  /** A validator that was not heard for this long does not delay a view that it leads. */
  static final int SILENT_MILLIS = 10_000;

  /** How much later than the leader the others expect a heartbeat. */
  static final int HEARTBEAT_GRACE_MILLIS = 1_000;

  /** Blocks follow one another so fast while validators are away that should be replaced. */
  static final int HEARTBEAT_THINNED_MILLIS = 2_000;

  /** They do so for this long: where nothing comes of it, nothing will. */
  static final int THINNED_MILLIS = 120_000;

  /** After this long without a final block, somebody else may know what is going on. */
  static final int STUCK_MILLIS = 3_000;

  static final int STATUS_BUSY_MILLIS = 2_000;
  static final int STATUS_IDLE_MILLIS = 5_000;

  static final int RETRY_MIN_MILLIS = 400;
  static final int RETRY_MAX_MILLIS = 2_000;

  /** The bound on a message's way after this many views failed in a row. */
  int delta(int failedViews) {
    double grown = deltaMillis * Math.pow(1.5, Math.min(failedViews, 32));
    return (int) Math.min(deltaMaxMillis, grown);
  }
}
