package dev.kith.libp2p.identity;

import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 key, for hosts that belong to no realm. Immutable. */
public final class Ed25519PrivateKey implements PrivateKey {
  private final Bytes seed;
  private final Ed25519PublicKey publicKey;

  private Ed25519PrivateKey(Bytes seed) {
    if (seed.size() != Ed25519.SECRET_KEY_SIZE) {
      throw new IllegalArgumentException("seed: " + seed.size() + " bytes");
    }
    this.seed = Bytes.wrap(seed.toArray()); // Bytes.copy() shares a wrapped array
    byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(this.seed.toArrayUnsafe(), 0, point, 0);
    this.publicKey = Ed25519PublicKey.of(Bytes.wrap(point));
  }

  /** The key with this seed of 32 bytes (RFC 8032). */
  public static Ed25519PrivateKey ofSeed(Bytes seed) {
    return new Ed25519PrivateKey(seed);
  }

  /** A new key; {@code random} is a {@link java.security.SecureRandom}, other than in tests. */
  public static Ed25519PrivateKey generate(RandomGenerator random) {
    byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
    random.nextBytes(seed);
    return new Ed25519PrivateKey(Bytes.wrap(seed));
  }

  /** The seed and the public key, 64 bytes, or 96 with the public key twice. */
  static Ed25519PrivateKey ofSeedAndPublicKey(Bytes data) {
    if (data.size() != 64 && data.size() != 96) {
      throw new IllegalArgumentException("ed25519: " + data.size() + " bytes");
    }
    Ed25519PrivateKey key = new Ed25519PrivateKey(data.slice(0, 32));
    for (int at = 32; at < data.size(); at += 32) {
      if (!data.slice(at, 32).equals(key.publicKey.raw())) {
        throw new IllegalArgumentException("ed25519: the public key is of another seed");
      }
    }
    return key;
  }

  @Override
  public KeyType type() {
    return KeyType.ED25519;
  }

  @Override
  public Ed25519PublicKey publicKey() {
    return publicKey;
  }

  @Override
  public byte[] sign(byte[] message) {
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(
        seed.toArrayUnsafe(),
        0,
        publicKey.raw().toArrayUnsafe(),
        0,
        message,
        0,
        message.length,
        signature,
        0);
    return signature;
  }

  @Override
  public Bytes encoded() {
    return new KeyMessage(type(), Bytes.concatenate(seed, publicKey.raw())).encode();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ed25519PrivateKey key && key.publicKey.equals(publicKey);
  }

  @Override
  public int hashCode() {
    return publicKey.hashCode();
  }

  @Override
  public String toString() {
    return "ed25519 private key of " + publicKey.peerId();
  }
}
