package dev.kith.ledger;

import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A row of the chunk map.
 *
 * @param holders member indices
 * @param committed whether the put that made it reached a namespace
 * @param createdMillis chain time of version 1
 */
public record GroupRow(
    Bytes32 group,
    Bytes owner,
    Bytes putId,
    int version,
    Bytes32 root,
    List<Integer> holders,
    int wanted,
    long bytes,
    int chunks,
    boolean committed,
    long createdMillis) {
  public GroupRow {
    holders = List.copyOf(holders);
  }
}
