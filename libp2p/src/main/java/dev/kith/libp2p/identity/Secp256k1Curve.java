package dev.kith.libp2p.identity;

/**
 * The arithmetic of secp256k1 as the keys need it. Two implementations give the same bytes: the
 * native library, an order of magnitude faster, and Java. Thread-safe.
 */
sealed interface Secp256k1Curve permits NativeSecp256k1, JavaSecp256k1 {
  /** Whether 32 bytes are a private key: between 1 and the order less 1. */
  boolean isScalar(byte[] scalar);

  /** 33 bytes, of a valid private key. */
  byte[] publicKey(byte[] scalar);

  /**
   * The compressed form of a point of 33 or 65 bytes.
   *
   * @throws IllegalArgumentException when it is none, or not on the curve
   */
  byte[] compress(byte[] point);

  /** 64 bytes, r then s, low-S, by RFC 6979. */
  byte[] sign(byte[] hash32, byte[] scalar);

  /** Whether 64 bytes, whose r and s are in range and s is low, sign the hash. */
  boolean verify(byte[] hash32, byte[] signature64, byte[] compressed);

  /** SHA-256 of the compressed product of a point and a scalar. */
  byte[] agree(byte[] scalar, byte[] compressed);

  /** The fastest that works on this machine. */
  static Secp256k1Curve fastest() {
    return Fastest.CURVE;
  }

  /** Picks once, when a key is first used. */
  final class Fastest {
    private static final Secp256k1Curve CURVE = pick();

    private Fastest() {}

    private static Secp256k1Curve pick() {
      return NativeSecp256k1.load().<Secp256k1Curve>map(c -> c).orElseGet(JavaSecp256k1::new);
    }
  }
}
