package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Finality;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/** What happens to the machine. */
public sealed interface Event {
  /**
   * Another validator said something.
   *
   * @param epoch that it is in
   */
  record Received(int from, long epoch, Message message) implements Event {}

  /** A validator can be talked to again. */
  record Connected(int validator) implements Event {}

  /** The way to a validator broke. */
  record Lost(int validator) implements Event {}

  /** Whether there are records that no block on the candidate chain holds yet. */
  record Work(boolean present) implements Event {}

  /**
   * The answer to {@link Effect.Build}: a valid block, or nothing where there is nothing to say.
   */
  record Built(long view, Optional<Block> block) implements Event {}

  /** The answer to {@link Effect.Execute}. */
  record Executed(Bytes32 digest, boolean valid) implements Event {}

  /** The next final block was fetched from somewhere, in answer to {@link Effect.CatchUp}. */
  record Fetched(Block block, Finality finality) implements Event {}

  /** The deadline passed. */
  record Tick() implements Event {}
}
