package dev.kith.ledger.simplex;

import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Signs a validator's own votes; the same hash always gives the same 64 bytes. */
@FunctionalInterface
public interface VoteSigner {
  Bytes sign(Bytes32 hash);
}
