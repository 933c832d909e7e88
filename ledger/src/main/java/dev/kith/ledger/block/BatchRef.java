package dev.kith.ledger.block;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.Batch;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A batch as a block orders it: by digest, so that votes do not wait for bytes that are there
 * already.
 */
public record BatchRef(Bytes32 digest, int records, int bytes) {
  /** Length of an encoded reference. */
  static final int BYTES = 32 + 2 + 4;

  public BatchRef {
    if (records < 1 || records > Batch.RECORDS_MAX || bytes < 1 || bytes > Batch.BYTES_MAX) {
      throw new IllegalArgumentException("batch: " + records + " records, " + bytes + " bytes");
    }
  }

  public static BatchRef of(Batch batch) {
    return new BatchRef(batch.digest(), batch.facts().size(), batch.encoded().size());
  }

  /** digest (32) ‖ records u16 ‖ bytes u32; also the leaf under the body root. */
  public void write(Writer to) {
    to.fixed(digest).u16(records).u32(bytes);
  }

  /** The leaf under the body root. */
  public Bytes leaf() {
    Writer to = new Writer(BYTES);
    write(to);
    return to.toBytes();
  }

  public static BatchRef read(Reader from) throws DecodeException {
    return new BatchRef(from.hash(), from.u16(), from.u32());
  }
}
