package dev.kith.node.compute;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.nio.charset.StandardCharsets;
import org.apache.tuweni.bytes.Bytes;

/** Reads the primitive values of a module (WebAssembly core specification, chapter 5.2). */
final class WasmBytes {
  private final Bytes bytes;
  private int position;

  WasmBytes(Bytes bytes) {
    this.bytes = bytes;
  }

  static NodeException bad(String what) {
    return new NodeException(Problem.BAD_PROGRAM, "the program " + what);
  }

  NodeException truncated() {
    return bad("is cut off: it ends after %d bytes".formatted(bytes.size()));
  }

  int position() {
    return position;
  }

  void position(int position) {
    this.position = position;
  }

  int remaining() {
    return bytes.size() - position;
  }

  int u8() throws NodeException {
    if (position >= bytes.size()) {
      throw truncated();
    }
    return bytes.get(position++) & 0xff;
  }

  /** Four bytes, little-endian; the caller checked that they are there. */
  int u32le() {
    int value = Integer.reverseBytes(bytes.getInt(position));
    position += 4;
    return value;
  }

  /** An unsigned LEB128 number of at most 32 bits. */
  long u32() throws NodeException {
    long value = leb(5);
    if (value > 0xffff_ffffL) {
      throw bad("is damaged: a number is too large");
    }
    return value;
  }

  /** An unsigned LEB128 number of at most 64 bits. */
  long u64() throws NodeException {
    return leb(10);
  }

  private long leb(int bytesMax) throws NodeException {
    long value = 0;
    for (int i = 0; i < bytesMax; i++) {
      int b = u8();
      value |= (long) (b & 0x7f) << (7 * i);
      if ((b & 0x80) == 0) {
        return value;
      }
    }
    throw bad("is damaged: a number does not end");
  }

  /** A value or reference type: one byte, or a prefix and a heap type. */
  void type() throws NodeException {
    int first = u8();
    if (first == 0x63 || first == 0x64) {
      leb(5);
    }
  }

  String name() throws NodeException {
    long length = u32();
    if (length > remaining()) {
      throw truncated();
    }
    String name =
        new String(bytes.slice(position, (int) length).toArrayUnsafe(), StandardCharsets.UTF_8);
    position += (int) length;
    return name;
  }
}
