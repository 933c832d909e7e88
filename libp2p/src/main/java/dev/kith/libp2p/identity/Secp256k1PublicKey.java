package dev.kith.libp2p.identity;

import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** A point of secp256k1. */
public final class Secp256k1PublicKey implements PublicKey {
  /** The length of {@link #raw}. */
  public static final int COMPRESSED_BYTES = 33;

  private final Bytes compressed;

  private Secp256k1PublicKey(Bytes compressed) {
    this.compressed = compressed;
  }

  /**
   * The key with this compressed point.
   *
   * @throws IllegalArgumentException when it has not 33 bytes or is not on the curve
   */
  public static Secp256k1PublicKey ofCompressed(Bytes compressed) {
    if (compressed.size() != COMPRESSED_BYTES) {
      throw new IllegalArgumentException("compressed: " + compressed.size() + " bytes");
    }
    return of(compressed);
  }

  /** From 33 bytes, or from the 65 of the uncompressed form that some peers send. */
  static Secp256k1PublicKey of(Bytes point) {
    return new Secp256k1PublicKey(
        Bytes.wrap(Secp256k1Curve.fastest().compress(point.toArrayUnsafe())));
  }

  /** For a point that was computed here. */
  static Secp256k1PublicKey trusted(byte[] compressed) {
    return new Secp256k1PublicKey(Bytes.wrap(compressed));
  }

  @Override
  public KeyType type() {
    return KeyType.SECP256K1;
  }

  @Override
  public Bytes raw() {
    return compressed;
  }

  @Override
  public Bytes encoded() {
    return new KeyMessage(type(), compressed).encode();
  }

  @Override
  public PeerId peerId() {
    return PeerId.ofEncodedKey(encoded());
  }

  @Override
  public boolean verify(byte[] message, byte[] signature) {
    Optional<byte[]> compact = Secp256k1Signature.fromDer(signature);
    return compact.isPresent() && verifyCompact(Keys.sha256(message), compact.get());
  }

  /**
   * Whether 64 bytes, r then s, sign a hash. Strict: another length, a number out of range or a
   * high s is false, so that a signature has one form only.
   *
   * @param hash32 32 bytes
   */
  public boolean verifyCompact(byte[] hash32, byte[] signature64) {
    if (hash32.length != 32) {
      throw new IllegalArgumentException("hash32: " + hash32.length + " bytes");
    }
    return Secp256k1Signature.canonical(signature64)
        && Secp256k1Curve.fastest().verify(hash32, signature64, compressed.toArrayUnsafe());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secp256k1PublicKey key && key.compressed.equals(compressed);
  }

  @Override
  public int hashCode() {
    return compressed.hashCode();
  }

  @Override
  public String toString() {
    return "secp256k1:" + compressed.toUnprefixedHexString();
  }
}
