package dev.kith.libp2p.tls;

import dev.kith.libp2p.ProtocolViolationException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads DER (X.690), as strictly as certificates need it: definite lengths in their shortest form,
 * tags below 31, and nothing behind the end of what encloses it. It looks at one level at a time
 * and never recurses, so no nesting is too deep for it.
 */
final class DerReader {
  static final int BOOLEAN = 0x01;
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int UTC_TIME = 0x17;
  static final int GENERALIZED_TIME = 0x18;
  static final int SEQUENCE = 0x30;

  /** The bit of a tag that says that values, not bytes, are within. */
  private static final int CONSTRUCTED = 0x20;

  private static final int CONTEXT = 0x80;
  private static final int TAG_NUMBER_MAX = 30;

  private final byte[] bytes;
  private final int end;
  private int at;

  /**
   * One value.
   *
   * @param bytes what it lies in, shared
   * @param start of its tag
   * @param content where its content begins
   * @param end of both
   */
  @SuppressWarnings("ArrayRecordComponent") // a view, never compared
  record Value(int tag, byte[] bytes, int start, int content, int end) {
    /** Tag, length and content. */
    byte[] encoded() {
      return Arrays.copyOfRange(bytes, start, end);
    }

    byte[] contentBytes() {
      return Arrays.copyOfRange(bytes, content, end);
    }

    /** What is within a constructed value. */
    DerReader within() {
      return new DerReader(bytes, content, end);
    }

    String text() {
      return new String(bytes, content, end - content, StandardCharsets.US_ASCII);
    }

    /** The bytes of a bit string that has no unused bits. */
    byte[] bits() throws ProtocolViolationException {
      if (end == content || bytes[content] != 0) {
        throw malformed("a bit string that is no sequence of bytes");
      }
      return Arrays.copyOfRange(bytes, content + 1, end);
    }

    boolean isTrue() throws ProtocolViolationException {
      if (end - content != 1 || bytes[content] != (byte) 0xff) {
        // DER does not write FALSE where that is the default.
        throw malformed("a boolean that is not TRUE");
      }
      return true;
    }
  }

  DerReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private DerReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** The tag of a context-specific, constructed value. */
  static int explicit(int number) {
    return CONTEXT | CONSTRUCTED | number;
  }

  /** The tag of a context-specific, primitive value. */
  static int implicit(int number) {
    return CONTEXT | number;
  }

  boolean atEnd() {
    return at == end;
  }

  /** The tag of the next value; -1 at the end. */
  int peek() {
    return at == end ? -1 : bytes[at] & 0xff;
  }

  Value next(int tag) throws ProtocolViolationException {
    if (peek() != tag) {
      throw malformed("tag " + peek() + " where " + tag + " belongs");
    }
    return next();
  }

  /** The only value that is left. */
  Value last(int tag) throws ProtocolViolationException {
    Value value = next(tag);
    expectEnd();
    return value;
  }

  void expectEnd() throws ProtocolViolationException {
    if (at != end) {
      throw malformed("bytes after the end");
    }
  }

  Value next() throws ProtocolViolationException {
    int start = at;
    int tag = take();
    if ((tag & 0x1f) > TAG_NUMBER_MAX) {
      throw malformed("a tag of several bytes");
    }
    int length = length();
    if (length > end - at) {
      throw malformed("a value of " + length + " bytes, of which " + (end - at) + " are there");
    }
    Value value = new Value(tag, bytes, start, at, at + length);
    at += length;
    return value;
  }

  private int length() throws ProtocolViolationException {
    int first = take();
    if (first < 0x80) {
      return first;
    }
    int count = first & 0x7f;
    if (count == 0 || count > 3) {
      throw malformed("a length of " + count + " bytes");
    }
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | take();
    }
    if (length < 0x80 || length >>> (8 * (count - 1)) == 0) {
      throw malformed("a length that is not in its shortest form");
    }
    return length;
  }

  private int take() throws ProtocolViolationException {
    if (at == end) {
      throw malformed("cut off");
    }
    return bytes[at++] & 0xff;
  }

  private static ProtocolViolationException malformed(String what) {
    return new ProtocolViolationException("certificate: not DER: " + what);
  }
}
