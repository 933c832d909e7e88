package dev.kith.ledger.state;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Who answered a part first. */
record ResponderRow(int worker, Bytes32 resultHash, long height) {
  /** worker u16 ‖ result (32) ‖ height u64. */
  Bytes encode() {
    return new Writer(48).u16(worker).fixed(resultHash).u63(height).toBytes();
  }

  static ResponderRow decode(Bytes row) throws DecodeException {
    return Reader.whole(row, from -> new ResponderRow(from.u16(), from.hash(), from.u63()));
  }
}
