package dev.kith.ledger.disk;

import dev.kith.ledger.WrongFormatException;
import dev.kith.ledger.codec.DecodeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * What a file of a format begins with: name (8 characters) ‖ version u32 ‖ CRC-32C u32 of both. The
 * checksum tells damage from another version.
 */
public record FileHeader(String name, int version) {
  /** Length of every header. */
  public static final int BYTES = 16;

  private static final int NAME_BYTES = 8;

  public FileHeader {
    if (name.length() != NAME_BYTES || version < 1) {
      throw new IllegalArgumentException("header: " + name + " " + version);
    }
  }

  public byte[] encode() {
    ByteBuffer header = ByteBuffer.allocate(BYTES);
    header.put(name.getBytes(StandardCharsets.US_ASCII)).putInt(version);
    return header.putInt(checksum(header.array())).array();
  }

  /**
   * Compares this with the beginning of a file.
   *
   * @throws DecodeException when that is cut short, damaged or of another kind of file
   * @throws WrongFormatException when it is sound and of another version
   */
  public void check(Path file, byte[] bytes) throws DecodeException, WrongFormatException {
    if (bytes.length < BYTES) {
      throw new DecodeException(file + ": no header");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes, 0, BYTES);
    byte[] found = new byte[NAME_BYTES];
    header.get(found);
    int foundVersion = header.getInt();
    if (!new String(found, StandardCharsets.US_ASCII).equals(name)
        || header.getInt() != checksum(bytes)) {
      throw new DecodeException(file + ": damaged at its beginning");
    }
    if (foundVersion != version) {
      throw new WrongFormatException(file.toString(), foundVersion, version);
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, BYTES - 4);
    return (int) crc.getValue();
  }
}
