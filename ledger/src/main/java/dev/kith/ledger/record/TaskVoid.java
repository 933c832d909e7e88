package dev.kith.ledger.record;

import org.apache.tuweni.bytes.Bytes32;

/**
 * The job ended without a result: cancelled, failed or timed out. By a device of its owner.
 *
 * @param reason one line, at most 256 bytes of UTF-8
 */
public record TaskVoid(Bytes32 task, String reason) implements Fact {}
