package dev.kith.ledger.block;

import org.apache.tuweni.bytes.Bytes32;

/**
 * What a block needs to know of its parent. The genesis, and the last block of an epoch seen from
 * the next one, are points at view 0; the genesis has height 0 and the realm id for a digest.
 *
 * @param ended whether the epoch is over with this block: in the same epoch only empty blocks
 *     follow, which help it to become final and are no part of the chain
 */
public record ChainPoint(
    Bytes32 digest, long view, long height, long timeMillis, int records, boolean ended) {
  public ChainPoint(Bytes32 digest, long view, long height, long timeMillis, int records) {
    this(digest, view, height, timeMillis, records, false);
  }

  public static ChainPoint genesis(Bytes32 realmId, long createdMillis) {
    return new ChainPoint(realmId, 0, 0, createdMillis, 0);
  }

  /** This last block of an epoch as the parent of the next epoch's first block. */
  public ChainPoint boundary() {
    return new ChainPoint(digest, 0, height, timeMillis, records);
  }
}
