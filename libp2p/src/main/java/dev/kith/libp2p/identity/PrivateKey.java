package dev.kith.libp2p.identity;

import org.apache.tuweni.bytes.Bytes;

/** A peer's private key. {@code toString} never shows it. */
public interface PrivateKey {
  KeyType type();

  PublicKey publicKey();

  /** Signs as {@link PublicKey#verify} expects; secp256k1 is deterministic (RFC 6979), low-S. */
  byte[] sign(byte[] message);

  /** The protobuf {@code PrivateKey} of libp2p/specs peer-ids. It is a secret: keep it short. */
  Bytes encoded();
}
