package dev.kith.libp2p.identity;

import org.apache.tuweni.bytes.Bytes;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 key. */
public final class Ed25519PublicKey implements PublicKey {
  private final Bytes point;

  private Ed25519PublicKey(Bytes point) {
    this.point = point;
  }

  /**
   * The key with these 32 bytes.
   *
   * @throws IllegalArgumentException when they are no point on the curve
   */
  public static Ed25519PublicKey of(Bytes point) {
    if (point.size() != Ed25519.PUBLIC_KEY_SIZE
        || !Ed25519.validatePublicKeyPartial(point.toArrayUnsafe(), 0)) {
      throw new IllegalArgumentException("ed25519: not a point on the curve");
    }
    return new Ed25519PublicKey(point.copy());
  }

  @Override
  public KeyType type() {
    return KeyType.ED25519;
  }

  @Override
  public Bytes raw() {
    return point;
  }

  @Override
  public Bytes encoded() {
    return new KeyMessage(type(), point).encode();
  }

  @Override
  public PeerId peerId() {
    return PeerId.ofEncodedKey(encoded());
  }

  @Override
  public boolean verify(byte[] message, byte[] signature) {
    return signature.length == Ed25519.SIGNATURE_SIZE
        && Ed25519.verify(signature, 0, point.toArrayUnsafe(), 0, message, 0, message.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ed25519PublicKey key && key.point.equals(point);
  }

  @Override
  public int hashCode() {
    return point.hashCode();
  }

  @Override
  public String toString() {
    return "ed25519:" + point.toUnprefixedHexString();
  }
}
