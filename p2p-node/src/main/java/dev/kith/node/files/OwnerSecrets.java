package dev.kith.node.files;

import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** What the owner's root key gives to the store. {@code toString} must not show secrets. */
public interface OwnerSecrets {
  /** The owner's compressed secp256k1 public key, 33 bytes. */
  Bytes owner();

  /** Keys the chunks' boundaries and, with their content, the chunks' keys. */
  Bytes32 convergenceSecret();

  /** Encrypts the reference to the root of the owner's names on the ledger. */
  Bytes32 namespaceKey();
}
