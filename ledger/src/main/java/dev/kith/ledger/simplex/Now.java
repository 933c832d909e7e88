package dev.kith.ledger.simplex;

/**
 * The time of an event, on two clocks: time-outs run on one that never jumps, blocks carry the
 * other.
 *
 * @param millis of a monotonic clock with any origin
 * @param wallMillis since 1970
 */
public record Now(long millis, long wallMillis) {}
