package dev.kith.libp2p.yamux;

import dev.kith.libp2p.ProtocolViolationException;
import java.nio.ByteBuffer;

/**
 * The 12 bytes before each frame, big-endian:
 *
 * <pre>
 *   version 1 | type 1 | flags 2 | stream id 4 | length 4
 * </pre>
 *
 * @param flags a combination of {@link #SYN}, {@link #ACK}, {@link #FIN} and {@link #RST}
 * @param streamId unsigned 32 bits; 0 is the session itself
 * @param length unsigned 32 bits; its meaning depends on the type
 */
public record FrameHeader(FrameType type, int flags, long streamId, long length) {
  /** The length of a header. */
  public static final int BYTES = 12;

  static final int SYN = 1;
  static final int ACK = 2;
  static final int FIN = 4;
  static final int RST = 8;

  static final long GO_AWAY_NORMAL = 0;
  static final long GO_AWAY_PROTOCOL_ERROR = 1;

  private static final long U32_MAX = 0xffff_ffffL;

  public FrameHeader {
    if (streamId < 0 || streamId > U32_MAX || length < 0 || length > U32_MAX) {
      throw new IllegalArgumentException("stream " + streamId + ", length " + length);
    }
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Its 12 bytes. */
  public byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put((byte) 0)
        .put((byte) type.number())
        .putShort((short) flags)
        .putInt((int) streamId)
        .putInt((int) length)
        .array();
  }

  static FrameHeader decode(byte[] bytes, int offset) throws ProtocolViolationException {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, BYTES);
    int version = in.get();
    int number = in.get();
    if (version != 0) {
      throw new ProtocolViolationException("yamux: version " + version);
    }
    FrameType type =
        FrameType.ofNumber(number)
            .orElseThrow(() -> new ProtocolViolationException("yamux: type " + number));
    int flags = in.getShort();
    if ((flags & ~(SYN | ACK | FIN | RST)) != 0) {
      throw new ProtocolViolationException("yamux: flags " + flags);
    }
    return new FrameHeader(type, flags, in.getInt() & U32_MAX, in.getInt() & U32_MAX);
  }
}
