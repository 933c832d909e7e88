package dev.kith.ledger.state;

import dev.kith.ledger.block.Header;

/**
 * What execution takes from a block's header.
 *
 * @param proposer index in the committee
 * @param attendance the proposer's claim; 0 = none
 * @param empty whether the block comes after its epoch's last one, and so changes nothing
 */
public record BlockContext(
    long height, long timeMillis, int proposer, int attendance, boolean empty) {
  public static BlockContext of(Header header) {
    return new BlockContext(
        header.height(),
        header.timeMillis(),
        header.proposer(),
        header.attendance(),
        header.empty());
  }
}
