package dev.kith.ledger.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.tuweni.bytes.Bytes;

/**
 * Appends fields to a growing buffer. Not thread-safe. A value out of its range is a caller's bug.
 */
public final class Writer {
  private byte[] buffer;
  private int size;

  public Writer() {
    this(256);
  }

  public Writer(int expectedBytes) {
    buffer = new byte[Math.max(16, expectedBytes)];
  }

  public Writer u8(int value) {
    range(value, 0xFF);
    room(1);
    buffer[size++] = (byte) value;
    return this;
  }

  public Writer u16(int value) {
    range(value, 0xFFFF);
    room(2);
    buffer[size++] = (byte) (value >>> 8);
    buffer[size++] = (byte) value;
    return this;
  }

  /** Numbers up to 2^31 - 1, in four bytes. */
  public Writer u32(int value) {
    range(value, Integer.MAX_VALUE);
    room(4);
    ByteBuffer.wrap(buffer, size, 4).putInt(value);
    size += 4;
    return this;
  }

  /** Numbers up to 2^63 - 1, in eight bytes. */
  public Writer u63(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
    room(8);
    ByteBuffer.wrap(buffer, size, 8).putLong(value);
    size += 8;
    return this;
  }

  /** Bytes whose number the reader knows. */
  public Writer fixed(Bytes bytes) {
    return raw(bytes.toArrayUnsafe());
  }

  /** Bytes whose number the reader knows. */
  public Writer raw(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
    return this;
  }

  /** Up to 65,535 bytes after their number. */
  public Writer bytes16(Bytes bytes) {
    return u16(bytes.size()).fixed(bytes);
  }

  /** Up to 2^31 - 1 bytes after their number. */
  public Writer bytes32(Bytes bytes) {
    return u32(bytes.size()).fixed(bytes);
  }

  /** UTF-8 after its length in bytes. */
  public Writer text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return u16(utf8.length).raw(utf8);
  }

  public int size() {
    return size;
  }

  public byte[] toArray() {
    return Arrays.copyOf(buffer, size);
  }

  public Bytes toBytes() {
    return Bytes.wrap(toArray());
  }

  private static void range(int value, int max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(value + " is not between 0 and " + max);
    }
  }

  private void room(int bytes) {
    if (buffer.length - size < bytes) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + bytes));
    }
  }
}
