package dev.kith.libp2p.identity;

import dev.kith.libp2p.ProtocolViolationException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes;

/** Makes and decodes keys of every type. */
public final class Keys {
  private Keys() {}

  /**
   * A new key.
   *
   * @param type SECP256K1 or ED25519; of the other types only public keys are read
   * @param random a {@link java.security.SecureRandom}, other than in tests
   */
  public static PrivateKey generate(KeyType type, RandomGenerator random) {
    return switch (type) {
      case SECP256K1 -> Secp256k1PrivateKey.generate(random);
      case ED25519 -> Ed25519PrivateKey.generate(random);
      case RSA, ECDSA -> throw new IllegalArgumentException("type: " + type + " is only read");
    };
  }

  /** The same key for the same seed: for tests and simulations only. */
  public static PrivateKey fromSeed(KeyType type, long seed) {
    return switch (type) {
      case SECP256K1 -> secp256k1FromSeed(seed);
      case ED25519 -> Ed25519PrivateKey.ofSeed(seedBytes(type, seed));
      case RSA, ECDSA -> throw new IllegalArgumentException("type: " + type + " is only read");
    };
  }

  /** {@link #fromSeed} for secp256k1. */
  public static Secp256k1PrivateKey secp256k1FromSeed(long seed) {
    return Secp256k1PrivateKey.ofScalar(seedBytes(KeyType.SECP256K1, seed));
  }

  /**
   * Reads {@link PublicKey#encoded}, of any type.
   *
   * @throws ProtocolViolationException when it is malformed or no valid key of its type
   */
  public static PublicKey decodePublic(Bytes encoded) throws ProtocolViolationException {
    KeyMessage message = KeyMessage.decode(encoded);
    try {
      return switch (message.type()) {
        case SECP256K1 -> Secp256k1PublicKey.of(message.data());
        case ED25519 -> Ed25519PublicKey.of(message.data());
        case RSA, ECDSA -> JcaPublicKey.of(message.type(), message.data());
      };
    } catch (IllegalArgumentException e) {
      throw new ProtocolViolationException("key: " + e.getMessage(), e);
    }
  }

  /**
   * Reads {@link PrivateKey#encoded}: 32 bytes for secp256k1; 64 for Ed25519, or 96 as older peers
   * wrote it.
   */
  public static PrivateKey decodePrivate(Bytes encoded) throws ProtocolViolationException {
    KeyMessage message = KeyMessage.decode(encoded);
    try {
      return switch (message.type()) {
        case SECP256K1 -> Secp256k1PrivateKey.ofScalar(message.data());
        case ED25519 -> Ed25519PrivateKey.ofSeedAndPublicKey(message.data());
        case RSA, ECDSA ->
            throw new ProtocolViolationException("private key: " + message.type() + " is not used");
      };
    } catch (IllegalArgumentException e) {
      throw new ProtocolViolationException("private key: " + e.getMessage(), e);
    }
  }

  static byte[] sha256(byte[] message) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(message);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Bytes seedBytes(KeyType type, long seed) {
    byte[] name = ("kith test key " + type).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer message = ByteBuffer.allocate(name.length + Long.BYTES).put(name).putLong(seed);
    return Bytes.wrap(sha256(message.array()));
  }
}
