package dev.kith.ledger.state;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.FactCodec;
import dev.kith.ledger.record.TaskOpen;
import org.apache.tuweni.bytes.Bytes;

/** The part of a job's row that never changes. */
record TaskStart(TaskOpen open, int author, long openedMillis, long openedHeight) {
  /** author u16 ‖ time u64 ‖ height u64 ‖ the encoded TaskOpen (u16 length). */
  Bytes encode() {
    Writer to = new Writer(512);
    to.u16(author).u63(openedMillis).u63(openedHeight).bytes16(FactCodec.encode(open));
    return to.toBytes();
  }

  static TaskStart decode(Bytes row) throws DecodeException {
    return Reader.whole(
        row,
        from -> {
          int author = from.u16();
          long millis = from.u63();
          long height = from.u63();
          if (FactCodec.decode(from.bytes16(Fact.BYTES_MAX)) instanceof TaskOpen open) {
            return new TaskStart(open, author, millis, height);
          }
          throw new DecodeException("a task row without a TaskOpen");
        });
  }
}
