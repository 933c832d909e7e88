package dev.kith.ledger.state;

import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** The newest block that a state holds, and the state's root after it. */
public record Applied(ChainPoint point, Bytes32 root) {
  /** digest (32) ‖ view u64 ‖ height u64 ‖ time u64 ‖ records u16 ‖ state root (32). */
  Bytes encode() {
    Writer to = new Writer(96);
    to.fixed(point.digest()).u63(point.view()).u63(point.height()).u63(point.timeMillis());
    return to.u16(point.records()).fixed(root).toBytes();
  }

  static Applied decode(Bytes row) throws DecodeException {
    return Reader.whole(
        row,
        from ->
            new Applied(
                new ChainPoint(from.hash(), from.u63(), from.u63(), from.u63(), from.u16()),
                from.hash()));
  }
}
