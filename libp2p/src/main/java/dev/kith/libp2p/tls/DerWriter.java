package dev.kith.libp2p.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Writes the few DER values that a certificate is made of, each as its bytes. */
final class DerWriter {
  private DerWriter() {}

  static byte[] value(int tag, byte[]... parts) {
    byte[] content = concatenate(parts);
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 5);
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int skip = length[0] == 0 ? 1 : 0; // the sign
      out.write(0x80 | (length.length - skip));
      out.write(length, skip, length.length - skip);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return value(DerReader.SEQUENCE, parts);
  }

  static byte[] integer(BigInteger number) {
    return value(DerReader.INTEGER, number.toByteArray());
  }

  static byte[] octets(byte[] bytes) {
    return value(DerReader.OCTET_STRING, bytes);
  }

  /** A bit string of whole bytes. */
  static byte[] bits(byte[] bytes) {
    return value(DerReader.BIT_STRING, new byte[1], bytes);
  }

  static byte[] text(int tag, String ascii) {
    return value(tag, ascii.getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] isTrue() {
    return value(DerReader.BOOLEAN, new byte[] {(byte) 0xff});
  }

  private static byte[] concatenate(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
