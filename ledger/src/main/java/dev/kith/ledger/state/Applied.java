package dev.kith.ledger.state;

import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.history.History;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The newest block that a state holds.
 *
 * @param root of the state after it
 * @param history of the headers up to it, its own included
 */
public record Applied(ChainPoint point, Bytes32 root, History history) {
  public Applied {
    if (history.size() != point.height()) {
      throw new IllegalArgumentException("history: " + history.size() + " at " + point.height());
    }
  }

  /** digest (32) ‖ view u64 ‖ height u64 ‖ time u64 ‖ records u16 ‖ state root (32) ‖ history. */
  Bytes encode() {
    Writer to = new Writer(1024);
    to.fixed(point.digest()).u63(point.view()).u63(point.height()).u63(point.timeMillis());
    to.u16(point.records()).fixed(root);
    history.write(to);
    return to.toBytes();
  }

  static Applied decode(Bytes row) throws DecodeException {
    return Reader.whole(
        row,
        from ->
            new Applied(
                new ChainPoint(from.hash(), from.u63(), from.u63(), from.u63(), from.u16()),
                from.hash(),
                History.read(from)));
  }
}
