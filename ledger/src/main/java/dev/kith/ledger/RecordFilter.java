package dev.kith.ledger;

import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Which records to return; empty lets all through.
 *
 * @param type the simple name of the fact, such as {@code MapUpdate}
 */
public record RecordFilter(
    Optional<String> type, Optional<Bytes32> task, Optional<Bytes32> group) {}
