package dev.kith.libp2p.identity;

import org.apache.tuweni.bytes.Bytes;

/** A peer's public key. Implementations are immutable, with equality by value. */
public interface PublicKey {
  KeyType type();

  /** The key alone: 33 bytes (compressed point) for secp256k1, 32 bytes for Ed25519. */
  Bytes raw();

  /**
   * The deterministic protobuf {@code PublicKey} of libp2p/specs peer-ids: both fields written, in
   * tag order.
   */
  Bytes encoded();

  /** The id that this key gives: identity multihash up to 42 encoded bytes, else SHA-256. */
  PeerId peerId();

  /**
   * Whether {@code signature} over {@code message} is this key's. secp256k1: DER, ECDSA over
   * SHA-256(message). Ed25519: 64 bytes over the message itself. A malformed signature is false,
   * never an exception.
   */
  boolean verify(byte[] message, byte[] signature);

  /**
   * As {@link #verify}, of a signature that peers show again and again: one that was good before
   * costs a hash.
   */
  default boolean verifyOften(byte[] message, byte[] signature) {
    return KnownSignatures.ofThisProcess()
        .good(
            type().name(),
            raw().toArrayUnsafe(),
            message,
            signature,
            () -> verify(message, signature));
  }
}
