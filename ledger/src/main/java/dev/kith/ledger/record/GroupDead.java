package dev.kith.ledger.record;

import org.apache.tuweni.bytes.Bytes32;

/**
 * A group that nothing refers to any more: holders may delete it once this is final. By a device of
 * the group's owner; compare-and-set on the row's version.
 */
public record GroupDead(Bytes32 group, int version) implements Fact {}
