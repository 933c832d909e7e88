package dev.kith.dht.transfer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Writes one message: its fields in order, numbers big-endian. */
final class Encoder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

  Encoder type(int type) {
    return u8(type);
  }

  Encoder u8(int value) {
    out.write(value);
    return this;
  }

  Encoder u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  Encoder u32(int value) {
    return u16(value >>> 16).u16(value);
  }

  Encoder u64(long value) {
    return u32((int) (value >>> 32)).u32((int) value);
  }

  Encoder hash(Bytes32 value) {
    return bytes(value);
  }

  Encoder bytes(Bytes value) {
    out.writeBytes(value.toArrayUnsafe());
    return this;
  }

  /** A length (u16) and UTF-8, cut to what a reader takes. */
  Encoder text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    byte[] cut = Arrays.copyOf(utf8, Math.min(utf8.length, TransferLimits.TEXT_BYTES_MAX));
    u16(cut.length);
    out.writeBytes(cut);
    return this;
  }

  /** The message behind its length (u16). */
  byte[] framed() {
    byte[] body = out.toByteArray();
    if (body.length > TransferLimits.MESSAGE_BYTES_MAX) {
      throw new IllegalStateException("a message of " + body.length + " bytes");
    }
    byte[] framed = new byte[2 + body.length];
    framed[0] = (byte) (body.length >>> 8);
    framed[1] = (byte) body.length;
    System.arraycopy(body, 0, framed, 2, body.length);
    return framed;
  }
}
