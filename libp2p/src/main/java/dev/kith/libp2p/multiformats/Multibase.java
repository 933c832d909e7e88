package dev.kith.libp2p.multiformats;

import java.math.BigInteger;
import org.apache.tuweni.bytes.Bytes;

/**
 * The multibase alphabets that peer ids and CIDs are written in. Decoders reject what they do not
 * know.
 */
public enum Multibase {
  BASE16('f', "0123456789abcdef"),
  BASE32('b', "abcdefghijklmnopqrstuvwxyz234567"),
  BASE36('k', "0123456789abcdefghijklmnopqrstuvwxyz"),
  BASE58BTC('z', "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");

  /** The longest text that is decoded: decoding base 36 and 58 takes quadratic time. */
  public static final int TEXT_MAX = 256;

  /** The longest text of bases 16 and 32, which decode in linear time. */
  public static final int BITS_TEXT_MAX = 4096;

  private final char prefix;
  private final String alphabet;
  private final BigInteger base;

  Multibase(char prefix, String alphabet) {
    this.prefix = prefix;
    this.alphabet = alphabet;
    this.base = BigInteger.valueOf(alphabet.length());
  }

  /** The character that names this base in front of a multibase text. */
  public char prefix() {
    return prefix;
  }

  /** Without the multibase prefix. */
  public String encode(Bytes bytes) {
    return powerOfTwo() ? encodeBits(bytes) : encodeNumber(bytes);
  }

  /**
   * The bytes of a text without its multibase prefix.
   *
   * @throws IllegalArgumentException when a character is not of this base, or the text too long
   */
  public Bytes decode(String text) {
    if (text.length() > (powerOfTwo() ? BITS_TEXT_MAX : TEXT_MAX)) {
      throw new IllegalArgumentException("text: " + text.length() + " characters");
    }
    return powerOfTwo() ? decodeBits(text) : decodeNumber(text);
  }

  /** Decodes a text that begins with a multibase prefix. */
  public static Bytes decodePrefixed(String text) {
    if (!text.isEmpty()) {
      for (Multibase candidate : values()) {
        char first = text.charAt(0);
        boolean caseless = candidate != BASE58BTC;
        if (first == candidate.prefix
            || (caseless && first == Character.toUpperCase(candidate.prefix))) {
          return candidate.decode(text.substring(1));
        }
      }
    }
    throw new IllegalArgumentException("text: no multibase that is known here");
  }

  private boolean powerOfTwo() {
    return Integer.bitCount(alphabet.length()) == 1;
  }

  private int digit(char c) {
    int digit = alphabet.indexOf(this == BASE58BTC ? c : Character.toLowerCase(c));
    if (digit < 0) {
      throw new IllegalArgumentException("text: '" + c + "' is not of " + this);
    }
    return digit;
  }

  private String encodeNumber(Bytes bytes) {
    StringBuilder text = new StringBuilder();
    BigInteger rest = bytes.toUnsignedBigInteger();
    while (rest.signum() > 0) {
      BigInteger[] parts = rest.divideAndRemainder(base);
      text.append(alphabet.charAt(parts[1].intValue()));
      rest = parts[0];
    }
    text.repeat(alphabet.charAt(0), bytes.numberOfLeadingZeroBytes());
    return text.reverse().toString();
  }

  private Bytes decodeNumber(String text) {
    int zeros = 0;
    while (zeros < text.length() && text.charAt(zeros) == alphabet.charAt(0)) {
      zeros++;
    }
    BigInteger number = BigInteger.ZERO;
    for (int i = zeros; i < text.length(); i++) {
      number = number.multiply(base).add(BigInteger.valueOf(digit(text.charAt(i))));
    }
    Bytes rest =
        number.signum() == 0 ? Bytes.EMPTY : Bytes.wrap(number.toByteArray()).trimLeadingZeros();
    return Bytes.concatenate(Bytes.wrap(new byte[zeros]), rest);
  }

  private String encodeBits(Bytes bytes) {
    int bitsPerDigit = Integer.numberOfTrailingZeros(alphabet.length());
    StringBuilder text = new StringBuilder();
    int pending = 0;
    int bits = 0;
    for (int i = 0; i < bytes.size(); i++) {
      pending = (pending << 8) | (bytes.get(i) & 0xff);
      bits += 8;
      while (bits >= bitsPerDigit) {
        bits -= bitsPerDigit;
        text.append(alphabet.charAt((pending >>> bits) & (alphabet.length() - 1)));
      }
      pending &= (1 << bits) - 1;
    }
    if (bits > 0) {
      text.append(alphabet.charAt((pending << (bitsPerDigit - bits)) & (alphabet.length() - 1)));
    }
    return text.toString();
  }

  private Bytes decodeBits(String text) {
    int bitsPerDigit = Integer.numberOfTrailingZeros(alphabet.length());
    byte[] out = new byte[text.length() * bitsPerDigit / 8];
    int size = 0;
    int pending = 0;
    int bits = 0;
    for (int i = 0; i < text.length(); i++) {
      pending = (pending << bitsPerDigit) | digit(text.charAt(i));
      bits += bitsPerDigit;
      if (bits >= 8) {
        bits -= 8;
        out[size++] = (byte) (pending >>> bits);
        pending &= (1 << bits) - 1;
      }
    }
    if (bits >= bitsPerDigit || pending != 0) {
      throw new IllegalArgumentException("text: bits left over");
    }
    return Bytes.wrap(out, 0, size);
  }
}
