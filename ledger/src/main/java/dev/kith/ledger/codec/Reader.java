package dev.kith.ledger.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Takes fields off a byte array, the mirror of {@link Writer}. Lengths are held against what is
 * left, and against the caller's bound, before anything is allocated. Not thread-safe.
 */
public final class Reader {
  private final ByteBuffer buffer;

  /** Reads from {@code bytes}, which must not change meanwhile. */
  public Reader(byte[] bytes) {
    buffer = ByteBuffer.wrap(bytes);
  }

  public Reader(Bytes bytes) {
    this(bytes.toArrayUnsafe());
  }

  /** One whole value, with nothing after it. A value that breaks its own rules is no encoding. */
  public static <T> T whole(Bytes bytes, Decoder<T> decoder) throws DecodeException {
    Reader reader = new Reader(bytes);
    T value = reader.one(decoder);
    reader.end();
    return value;
  }

  /** One value; what its constructor refuses surfaces as a {@link DecodeException}. */
  public <T> T one(Decoder<T> decoder) throws DecodeException {
    try {
      return decoder.read(this);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new DecodeException("not valid: " + e.getMessage(), e);
    }
  }

  public int u8() throws DecodeException {
    need(1);
    return buffer.get() & 0xFF;
  }

  /** A byte that is 0 or 1. */
  public boolean flag() throws DecodeException {
    int value = u8();
    if (value > 1) {
      throw new DecodeException("a flag of " + value);
    }
    return value == 1;
  }

  public int u16() throws DecodeException {
    need(2);
    return buffer.getShort() & 0xFFFF;
  }

  public int u32() throws DecodeException {
    need(4);
    int value = buffer.getInt();
    if (value < 0) {
      throw new DecodeException("a 32-bit number above 2^31 - 1");
    }
    return value;
  }

  public long u63() throws DecodeException {
    need(8);
    long value = buffer.getLong();
    if (value < 0) {
      throw new DecodeException("a 64-bit number above 2^63 - 1");
    }
    return value;
  }

  public Bytes fixed(int bytes) throws DecodeException {
    need(bytes);
    byte[] copy = new byte[bytes];
    buffer.get(copy);
    return Bytes.wrap(copy);
  }

  public Bytes32 hash() throws DecodeException {
    return Bytes32.wrap(fixed(32).toArrayUnsafe());
  }

  public Bytes bytes16(int bytesMax) throws DecodeException {
    return fixed(bounded(u16(), bytesMax));
  }

  public Bytes bytes32(int bytesMax) throws DecodeException {
    return fixed(bounded(u32(), bytesMax));
  }

  public String text(int bytesMax) throws DecodeException {
    byte[] utf8 = bytes16(bytesMax).toArrayUnsafe();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new DecodeException("text that is not UTF-8", e);
    }
  }

  /** A list after its length in one byte. */
  public <T> List<T> list8(int countMax, Decoder<T> decoder) throws DecodeException {
    return list(bounded(u8(), countMax), decoder);
  }

  /** A list after its length in two bytes. */
  public <T> List<T> list16(int countMax, Decoder<T> decoder) throws DecodeException {
    return list(bounded(u16(), countMax), decoder);
  }

  public int left() {
    return buffer.remaining();
  }

  /** Nothing may follow. */
  public void end() throws DecodeException {
    if (buffer.hasRemaining()) {
      throw new DecodeException(buffer.remaining() + " bytes after the end");
    }
  }

  private <T> List<T> list(int count, Decoder<T> decoder) throws DecodeException {
    List<T> list = new ArrayList<>(Math.min(count, buffer.remaining()));
    for (int i = 0; i < count; i++) {
      list.add(decoder.read(this));
    }
    return list;
  }

  private static int bounded(int length, int max) throws DecodeException {
    if (length > max) {
      throw new DecodeException("length " + length + " above " + max);
    }
    return length;
  }

  private void need(int bytes) throws DecodeException {
    if (buffer.remaining() < bytes) {
      throw new DecodeException("cut short: " + bytes + " bytes wanted, " + left() + " left");
    }
  }

  /** Takes one value off a reader. */
  @FunctionalInterface
  public interface Decoder<T> {
    T read(Reader reader) throws DecodeException;
  }
}
