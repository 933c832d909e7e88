package dev.kith.libp2p.multiformats;

import dev.kith.libp2p.ProtocolViolationException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Unsigned varints (multiformats/unsigned-varint): seven bits a byte, least significant first, at
 * most nine bytes, and never longer than needed.
 */
public final class Varint {
  /** The longest encoding that the specification permits: 63 bits. */
  public static final int BYTES_MAX = 9;

  private Varint() {}

  /** How many bytes {@code value}, which must not be negative, takes. */
  public static int size(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("value: " + value);
    }
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
  }

  public static byte[] encode(long value) {
    byte[] out = new byte[size(value)];
    put(ByteBuffer.wrap(out), value);
    return out;
  }

  public static void put(ByteBuffer out, long value) {
    long rest = value;
    for (int left = size(value); left > 1; left--) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  public static void write(OutputStream out, long value) throws IOException {
    out.write(encode(value));
  }

  /**
   * Reads one varint from a buffer.
   *
   * @throws ProtocolViolationException when it is cut off, too long or not minimal
   */
  public static long get(ByteBuffer in) throws ProtocolViolationException {
    long value = 0;
    for (int i = 0; i < BYTES_MAX; i++) {
      if (!in.hasRemaining()) {
        throw new ProtocolViolationException("varint: cut off");
      }
      int b = in.get() & 0xff;
      value |= (long) (b & 0x7f) << (7 * i);
      if (b < 0x80) {
        return minimal(value, b, i);
      }
    }
    throw new ProtocolViolationException("varint: more than " + BYTES_MAX + " bytes");
  }

  /**
   * Reads one varint from a stream; -1 where the stream ends before its first byte.
   *
   * @throws ProtocolViolationException when it is too long or not minimal
   * @throws EOFException when the stream ends within it
   */
  public static long read(InputStream in) throws IOException {
    long value = 0;
    for (int i = 0; i < BYTES_MAX; i++) {
      int b = in.read();
      if (b < 0) {
        if (i == 0) {
          return -1;
        }
        throw new EOFException("varint: cut off");
      }
      value |= (long) (b & 0x7f) << (7 * i);
      if (b < 0x80) {
        return minimal(value, b, i);
      }
    }
    throw new ProtocolViolationException("varint: more than " + BYTES_MAX + " bytes");
  }

  /**
   * Reads a message that its length precedes; null where the stream ends before it.
   *
   * @param bytesMax the longest message to take; checked before anything is allocated
   */
  public static byte @Nullable [] readMessage(InputStream in, int bytesMax) throws IOException {
    long length = read(in);
    if (length < 0) {
      return null;
    }
    if (length > bytesMax) {
      throw new ProtocolViolationException("message of " + length + " bytes, limit " + bytesMax);
    }
    byte[] message = in.readNBytes((int) length);
    if (message.length < length) {
      throw new EOFException("message: " + message.length + " of " + length + " bytes");
    }
    return message;
  }

  /** Writes a message after its length, in one write. */
  public static void writeMessage(OutputStream out, byte[] message) throws IOException {
    out.write(prefixed(message));
  }

  /** {@code message} after its length. */
  public static byte[] prefixed(byte[] message) {
    ByteBuffer frame = ByteBuffer.allocate(size(message.length) + message.length);
    put(frame, message.length);
    frame.put(message);
    return frame.array();
  }

  private static long minimal(long value, int last, int index) throws ProtocolViolationException {
    if (last == 0 && index > 0) {
      throw new ProtocolViolationException("varint: not minimal");
    }
    return value;
  }
}
