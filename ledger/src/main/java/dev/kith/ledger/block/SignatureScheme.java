package dev.kith.ledger.block;

import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Checks votes. In a realm it is secp256k1; simulations take something cheaper. */
@FunctionalInterface
public interface SignatureScheme {
  /** Whether the signature over this hash is the key's. False for anything malformed. */
  boolean verify(Bytes key, Bytes32 hash, Bytes signature);
}
