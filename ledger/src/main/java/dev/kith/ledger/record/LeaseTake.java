package dev.kith.ledger.record;

import org.apache.tuweni.bytes.Bytes32;

/**
 * The author coordinates the job from now until {@code expiresMillis} (chain time). Accepted when
 * {@code term} is the current one plus one and the old lease has expired, or when the holder renews
 * its own term.
 */
public record LeaseTake(Bytes32 task, int term, long expiresMillis) implements Fact {}
