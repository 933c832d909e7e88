package dev.kith.ledger.archive;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;

/**
 * Where a block lies.
 *
 * @param file number of the file
 * @param offset of the frame
 * @param bytes of the frame
 */
public record Location(int file, int offset, int bytes) {
  /** Before the first block. */
  public static final Location NOWHERE = new Location(0, 0, 0);

  /** file u32 ‖ offset u32 ‖ bytes u32. */
  public Bytes encode() {
    return new Writer(12).u32(file).u32(offset).u32(bytes).toBytes();
  }

  public static Location decode(Bytes bytes) throws DecodeException {
    return Reader.whole(bytes, from -> new Location(from.u32(), from.u32(), from.u32()));
  }
}
