package dev.kith.libp2p.identity;

import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.util.BigIntegers;

/**
 * The two forms of an ECDSA signature: DER, as libp2p sends it, and 64 bytes, as the ledger does.
 */
final class Secp256k1Signature {
  static final int COMPACT_BYTES = 64;

  private static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  private static final BigInteger HALF_ORDER = ORDER.shiftRight(1);

  private Secp256k1Signature() {}

  /** r and s as 64 bytes, s taken to its low form. */
  static byte[] normalised(BigInteger r, BigInteger s) {
    BigInteger low = s.compareTo(HALF_ORDER) > 0 ? ORDER.subtract(s) : s;
    byte[] out = new byte[COMPACT_BYTES];
    BigIntegers.asUnsignedByteArray(r, out, 0, 32);
    BigIntegers.asUnsignedByteArray(low, out, 32, 32);
    return out;
  }

  /** Whether r and s are between 1 and the order less 1, and s is the lower of its two forms. */
  static boolean canonical(byte[] compact) {
    if (compact.length != COMPACT_BYTES) {
      return false;
    }
    BigInteger r = new BigInteger(1, compact, 0, 32);
    BigInteger s = new BigInteger(1, compact, 32, 32);
    return inRange(r) && s.signum() > 0 && s.compareTo(HALF_ORDER) <= 0;
  }

  private static boolean inRange(BigInteger value) {
    return value.signum() > 0 && value.compareTo(ORDER) < 0;
  }

  /** {@code 30 len 02 len r 02 len s}, each number in its shortest form. */
  static byte[] toDer(byte[] compact) {
    byte[] r = new BigInteger(1, compact, 0, 32).toByteArray();
    byte[] s = new BigInteger(1, compact, 32, 32).toByteArray();
    byte[] der = new byte[6 + r.length + s.length];
    der[0] = 0x30;
    der[1] = (byte) (4 + r.length + s.length);
    der[2] = 0x02;
    der[3] = (byte) r.length;
    System.arraycopy(r, 0, der, 4, r.length);
    der[4 + r.length] = 0x02;
    der[5 + r.length] = (byte) s.length;
    System.arraycopy(s, 0, der, 6 + r.length, s.length);
    return der;
  }

  /**
   * Strict DER to 64 bytes. A high s, which go-libp2p takes too, is normalised: over a handshake
   * nothing hangs on a signature having one form only.
   */
  static Optional<byte[]> fromDer(byte[] der) {
    if (der.length < 8 || der.length > 72 || der[0] != 0x30 || der[1] != der.length - 2) {
      return Optional.empty();
    }
    Optional<BigInteger> r = number(der, 2);
    if (r.isEmpty()) {
      return Optional.empty();
    }
    int sAt = 4 + der[3];
    Optional<BigInteger> s = number(der, sAt);
    if (s.isEmpty() || sAt + 2 + der[sAt + 1] != der.length) {
      return Optional.empty();
    }
    return Optional.of(normalised(r.get(), s.get()));
  }

  /** A DER integer at an offset: positive, in its shortest form, and between 1 and the order. */
  private static Optional<BigInteger> number(byte[] der, int at) {
    if (at + 2 > der.length || der[at] != 0x02) {
      return Optional.empty();
    }
    int length = der[at + 1];
    if (length < 1 || length > 33 || at + 2 + length > der.length) {
      return Optional.empty();
    }
    int first = der[at + 2];
    boolean padded = length > 1 && first == 0 && der[at + 3] >= 0;
    BigInteger value = new BigInteger(der, at + 2, length);
    return padded || !inRange(value) ? Optional.empty() : Optional.of(value);
  }
}
