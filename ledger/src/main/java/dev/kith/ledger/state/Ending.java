package dev.kith.ledger.state;

import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.Header;
import org.apache.tuweni.bytes.Bytes32;

/**
 * That the epoch is over with a block, and who takes over.
 *
 * @param urgent before its time
 */
public record Ending(boolean urgent, EpochRow next) {
  /** The flags of the block's header. */
  public int flags() {
    return Header.END | (urgent ? Header.URGENT : 0);
  }

  /** What the header says of the next committee. */
  public Bytes32 nextValidators() {
    return Committee.hash(next.keys());
  }
}
