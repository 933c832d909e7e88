package dev.kith.testnet.sim;

import dev.kith.ledger.block.Committee;
import java.util.List;

/**
 * An epoch of a simulated realm.
 *
 * @param seats the members by their index in the committee
 * @param startHeight of the block that the epoch began after
 */
record Era(Committee committee, List<Integer> seats, long startHeight) {
  long epoch() {
    return committee.epoch();
  }
}
