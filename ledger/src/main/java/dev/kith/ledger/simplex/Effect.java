package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Finality;
import dev.kith.ledger.block.Vote;

/**
 * What the machine decided. The driver carries effects out in order, with one rule: all {@link
 * Persist} effects of a turn are on disk before anything else of that turn happens.
 */
public sealed interface Effect {
  /** Append to the write-ahead log. */
  record Persist(JournalEntry entry) implements Effect {}

  record Send(int to, Message message) implements Effect {}

  /** To all other validators. */
  record Broadcast(Message message) implements Effect {}

  /**
   * Build and execute a block for a view; answer with {@link Event.Built}.
   *
   * @param emptyToo whether a block without records is wanted; after the last block of the epoch
   *     only such a block can be built
   * @param attendance what the header is to claim
   */
  record Build(long view, ChainPoint parent, boolean emptyToo, int attendance) implements Effect {}

  /**
   * Execute a block, whose parent was executed before, as soon as its batches are there; answer
   * with {@link Event.Executed}.
   */
  record Execute(Block block) implements Effect {}

  /** The next final block: commit it, executing it first where that did not happen. */
  record Deliver(Block block, Finality finality) implements Effect {}

  /** Final blocks from this height upwards are missing here: fetch them from whoever has them. */
  record CatchUp(long fromHeight) implements Effect {}

  /** Two statements that an honest validator never signs both. */
  record Evidence(Vote first, Vote second) implements Effect {}

  /** A validator sent what no honest one sends. */
  record Fault(int validator, String what) implements Effect {}
}
