package dev.kith.ledger.wal;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.disk.FileHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.tuweni.bytes.Bytes;

/**
 * A file of the log: a header, then frames, each length u32 ‖ CRC-32C u32 ‖ type u8 ‖ epoch u64 ‖
 * view u64 ‖ payload; length and checksum cover what follows them.
 */
final class Segment {
  static final FileHeader HEADER = new FileHeader("kith-wal", 1);

  private static final int FRAME_BYTES = 8;
  private static final int HEADER_BYTES = 17;

  private Segment() {}

  static byte[] encode(WalRecord record) {
    Writer body = new Writer(HEADER_BYTES + record.payload().size());
    body.u8(record.type().number()).u63(record.epoch()).u63(record.view());
    byte[] bytes = body.fixed(record.payload()).toArray();
    return ByteBuffer.allocate(FRAME_BYTES + bytes.length)
        .putInt(bytes.length)
        .putInt(checksum(bytes, 0, bytes.length))
        .put(bytes)
        .array();
  }

  /**
   * Reads a segment's frames, which follow a header that was checked.
   *
   * @param last whether it is the newest segment, the only one that may end in a torn frame
   */
  static Contents decode(byte[] file, boolean last) throws DecodeException {
    List<WalRecord> records = new ArrayList<>();
    int at = FileHeader.BYTES;
    while (at < file.length) {
      int length = frame(file, at);
      if (length < 0) {
        // A write that a crash cut short is the end of the log. Anything sound after it means that
        // what is broken had been complete once, and with it perhaps a vote.
        if (!last || soundFrameAfter(file, at + 1)) {
          throw new DecodeException("damaged at byte " + at);
        }
        break;
      }
      byte[] body = new byte[length];
      System.arraycopy(file, at + FRAME_BYTES, body, 0, length);
      records.add(Reader.whole(Bytes.wrap(body), Segment::record));
      at += FRAME_BYTES + length;
    }
    return new Contents(List.copyOf(records), at);
  }

  private static WalRecord record(Reader from) throws DecodeException {
    WalRecord.Type type = WalRecord.Type.of(from.u8());
    return new WalRecord(type, from.u63(), from.u63(), from.fixed(from.left()));
  }

  /** The length of a sound frame's body, or -1. */
  private static int frame(byte[] file, int at) {
    if (file.length - at < FRAME_BYTES + HEADER_BYTES) {
      return -1;
    }
    ByteBuffer frame = ByteBuffer.wrap(file, at, FRAME_BYTES);
    int length = frame.getInt();
    int checksum = frame.getInt();
    boolean sound =
        length >= HEADER_BYTES
            && length <= HEADER_BYTES + WalRecord.PAYLOAD_BYTES_MAX
            && length <= file.length - at - FRAME_BYTES
            && checksum == checksum(file, at + FRAME_BYTES, length);
    return sound ? length : -1;
  }

  /** Whether there is a sound frame anywhere from here on. */
  static boolean soundFrameAfter(byte[] file, int from) {
    for (int at = from; at < file.length; at++) {
      if (frame(file, at) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  /** A segment's records and where its sound part ends. */
  record Contents(List<WalRecord> records, int soundBytes) {}
}
