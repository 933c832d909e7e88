package dev.kith.libp2p.identity;

/** A peer's private key. {@code toString} never shows it. */
public interface PrivateKey {
  KeyType type();

  PublicKey publicKey();

  /** Signs as {@link PublicKey#verify} expects; secp256k1 is deterministic (RFC 6979), low-S. */
  byte[] sign(byte[] message);
}
