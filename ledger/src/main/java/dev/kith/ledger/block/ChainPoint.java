package dev.kith.ledger.block;

import org.apache.tuweni.bytes.Bytes32;

/**
 * What a block needs to know of its parent. The genesis is the point at view 0 and height 0 whose
 * digest is the realm id.
 */
public record ChainPoint(Bytes32 digest, long view, long height, long timeMillis, int records) {
  public static ChainPoint genesis(Bytes32 realmId, long createdMillis) {
    return new ChainPoint(realmId, 0, 0, createdMillis, 0);
  }
}
