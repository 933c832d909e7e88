package dev.kith.ledger.record;

import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * One row of the chunk map: which members hold a group. Compare-and-set: it is applied only where
 * the row's version is {@code version - 1} (0 = no row yet).
 *
 * @param group SHA-256(owner, putId, number)
 * @param owner 33 bytes; only the owner's devices create a group
 * @param putId 16 bytes, the put that made the group
 * @param version from 1
 * @param root Merkle root of the group's chunk ids, fixed by version 1
 * @param holders at most 16; each with its receipt
 * @param wanted copies wanted
 * @param bytes stored bytes of one copy
 * @param chunks number of chunks
 */
public record MapUpdate(
    Bytes32 group,
    Bytes owner,
    Bytes putId,
    int version,
    Bytes32 root,
    List<Holder> holders,
    int wanted,
    long bytes,
    int chunks)
    implements Fact {
  public MapUpdate {
    holders = List.copyOf(holders);
  }

  /**
   * A member that fsynced the group.
   *
   * @param member index in the member list
   * @param receipt 64 bytes r‖s by the holder over {@link Receipts#message}; empty for a holder
   *     that an earlier version already showed a receipt for
   */
  public record Holder(int member, Bytes receipt) {}
}
