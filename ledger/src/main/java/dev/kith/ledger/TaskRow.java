package dev.kith.ledger;

import dev.kith.ledger.record.TaskOpen;
import dev.kith.ledger.record.TaskSeal;
import java.util.List;
import java.util.Optional;

/**
 * A job as the ledger knows it.
 *
 * @param openedMillis chain time
 * @param term of the current lease
 * @param leaseHolder member index
 * @param firstResponders one entry a finished part, in part order
 * @param voided the reason, where it ended without a result
 */
public record TaskRow(
    TaskOpen open,
    long openedMillis,
    int author,
    int term,
    int leaseHolder,
    long leaseExpiresMillis,
    List<FirstResponder> firstResponders,
    Optional<TaskSeal> seal,
    Optional<String> voided) {
  public TaskRow {
    firstResponders = List.copyOf(firstResponders);
  }

  /** Who answered a part first. */
  public record FirstResponder(
      int part, int worker, org.apache.tuweni.bytes.Bytes32 resultHash, long height) {}
}
