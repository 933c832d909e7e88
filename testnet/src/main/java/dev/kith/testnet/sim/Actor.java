package dev.kith.testnet.sim;

import dev.kith.ledger.simplex.Message;
import org.apache.tuweni.bytes.Bytes32;

/** A member of the simulated committee. */
interface Actor {
  void receive(int from, long epoch, Message message);

  /** The way to another member works again. */
  default void connected(int validator) {}

  /** The way to another member broke. */
  default void lost(int validator) {}

  /** A batch of records reached this member. */
  default void batch(Bytes32 batch) {}

  /** A deadline that the actor asked for passed. */
  default void tick(long token) {}
}
