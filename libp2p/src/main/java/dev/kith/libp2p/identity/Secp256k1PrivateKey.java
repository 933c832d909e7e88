package dev.kith.libp2p.identity;

import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes;

/** A secp256k1 key: the identity of a device in its realm, and of an owner. Immutable. */
public final class Secp256k1PrivateKey implements PrivateKey {
  /** The length of {@link #raw}. */
  public static final int SCALAR_BYTES = 32;

  private final Bytes scalar;
  private final Secp256k1PublicKey publicKey;

  private Secp256k1PrivateKey(Bytes scalar) {
    Secp256k1Curve curve = Secp256k1Curve.fastest();
    if (scalar.size() != SCALAR_BYTES || !curve.isScalar(scalar.toArrayUnsafe())) {
      throw new IllegalArgumentException("scalar: not 32 bytes between 1 and the group order");
    }
    this.scalar = Bytes.wrap(scalar.toArray()); // Bytes.copy() shares a wrapped array
    this.publicKey = Secp256k1PublicKey.trusted(curve.publicKey(this.scalar.toArrayUnsafe()));
  }

  /**
   * The key with these 32 bytes.
   *
   * @throws IllegalArgumentException when they are zero or not below the order of the group
   */
  public static Secp256k1PrivateKey ofScalar(Bytes scalar) {
    return new Secp256k1PrivateKey(scalar);
  }

  /** A new key; {@code random} is a {@link java.security.SecureRandom}, other than in tests. */
  public static Secp256k1PrivateKey generate(RandomGenerator random) {
    byte[] scalar = new byte[SCALAR_BYTES];
    do {
      random.nextBytes(scalar);
    } while (!Secp256k1Curve.fastest().isScalar(scalar));
    return new Secp256k1PrivateKey(Bytes.wrap(scalar));
  }

  @Override
  public KeyType type() {
    return KeyType.SECP256K1;
  }

  @Override
  public Secp256k1PublicKey publicKey() {
    return publicKey;
  }

  /** DER over SHA-256(message). */
  @Override
  public byte[] sign(byte[] message) {
    return Secp256k1Signature.toDer(signCompact(Keys.sha256(message)));
  }

  /**
   * Signs a hash: 64 bytes, r then s, low-S, the same for the same hash (RFC 6979).
   *
   * @param hash32 32 bytes
   */
  public byte[] signCompact(byte[] hash32) {
    if (hash32.length != 32) {
      throw new IllegalArgumentException("hash32: " + hash32.length + " bytes");
    }
    return Secp256k1Curve.fastest().sign(hash32, scalar.toArrayUnsafe());
  }

  /**
   * Diffie-Hellman: 32 bytes that this key and {@code other}'s private key both arrive at, the
   * SHA-256 of the compressed shared point. Run them through a KDF with a purpose.
   */
  public byte[] agree(Secp256k1PublicKey other) {
    return Secp256k1Curve.fastest().agree(scalar.toArrayUnsafe(), other.raw().toArrayUnsafe());
  }

  /** The secret itself, 32 bytes: for key derivation and the keystore. */
  public Bytes raw() {
    return scalar;
  }

  @Override
  public Bytes encoded() {
    return new KeyMessage(type(), scalar).encode();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secp256k1PrivateKey key && key.publicKey.equals(publicKey);
  }

  @Override
  public int hashCode() {
    return publicKey.hashCode();
  }

  @Override
  public String toString() {
    return "secp256k1 private key of " + publicKey.peerId();
  }
}
