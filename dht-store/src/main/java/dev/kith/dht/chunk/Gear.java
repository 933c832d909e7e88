package dev.kith.dht.chunk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.tuweni.bytes.Bytes32;

/** The keyed table of the gear hash: 256 numbers of 64 bits. */
final class Gear {
  private static final byte[] INFO = "kith/gear/1".getBytes(StandardCharsets.US_ASCII);

  private Gear() {}

  /** HKDF-SHA256(secret, info "kith/gear/1"), 2,048 bytes, read as big-endian numbers. */
  static long[] table(Bytes32 convergenceSecret) {
    byte[] bytes = Hkdf.of(convergenceSecret).expand(INFO, 256 * Long.BYTES);
    long[] table = new long[256];
    ByteBuffer.wrap(bytes).asLongBuffer().get(table);
    return table;
  }
}
