package dev.kith.dht.transfer;

import dev.kith.libp2p.ProtocolViolationException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Reads one message; every number has a bound. */
final class Decoder {
  private final ByteBuffer in;

  Decoder(byte[] body) {
    this.in = ByteBuffer.wrap(body);
  }

  int u8() throws ProtocolViolationException {
    need(1);
    return in.get() & 0xff;
  }

  int u16(int max) throws ProtocolViolationException {
    need(2);
    return bounded(in.getShort() & 0xffff, max);
  }

  int u32(int max) throws ProtocolViolationException {
    need(4);
    return bounded(in.getInt(), max);
  }

  long u64(long max) throws ProtocolViolationException {
    need(8);
    long value = in.getLong();
    if (value < 0 || value > max) {
      throw new ProtocolViolationException("a number of " + Long.toUnsignedString(value));
    }
    return value;
  }

  Bytes32 hash() throws ProtocolViolationException {
    return Bytes32.wrap(array(Bytes32.SIZE));
  }

  Bytes bytes(int length) throws ProtocolViolationException {
    return Bytes.wrap(array(length));
  }

  /** UTF-8 whose malformed parts are replaced; for people only. */
  String text(int bytesMax) throws ProtocolViolationException {
    return new String(array(u16(bytesMax)), StandardCharsets.UTF_8);
  }

  void end() throws ProtocolViolationException {
    if (in.hasRemaining()) {
      throw new ProtocolViolationException(in.remaining() + " bytes behind a message");
    }
  }

  private byte[] array(int length) throws ProtocolViolationException {
    need(length);
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private void need(int length) throws ProtocolViolationException {
    if (in.remaining() < length) {
      throw new ProtocolViolationException("a message ends early");
    }
  }

  private static int bounded(int value, int max) throws ProtocolViolationException {
    if (value < 0 || value > max) {
      throw new ProtocolViolationException("a number of " + Integer.toUnsignedString(value));
    }
    return value;
  }
}
