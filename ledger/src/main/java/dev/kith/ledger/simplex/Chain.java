package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Finality;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.block.VoteKind;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;

/** Brings blocks from notarized to executed, and from executed to final and delivered. */
final class Chain {
  private static final int CATCH_UP_PAUSE_MILLIS = 1_000;

  private final State state;
  private final Tally tally;
  private final Voice voice;
  private boolean behind;
  private boolean overtaken;
  private long catchUpAt = Pace.NEVER;

  Chain(State state, Tally tally, Voice voice) {
    this.state = state;
    this.tally = tally;
    this.voice = voice;
  }

  /** Has executed what was notarized, and votes to finalize what is valid. */
  void certify() {
    for (Round round : state.open()) {
      int leader = state.committee.leader(round.view);
      Certificate isFinal = round.certificate(VoteKind.FINALIZE);
      Bytes32 notarized = round.notarized();
      if (isFinal != null) {
        execute(isFinal.statement().digest(), leader);
      } else if (notarized != null && round.view > state.finalizedView) {
        execute(notarized, leader);
        if (state.blocks.executedPoint(notarized) != null) {
          voice.finalize(round, notarized);
        }
      }
    }
  }

  /**
   * Has a block executed, or whatever of its ancestry is missing fetched or executed first.
   *
   * @param hint the validator that has it
   */
  void execute(Bytes32 digest, int hint) {
    Bytes32 next = digest;
    while (!next.equals(state.blocks.head().digest())) {
      Blocks.Held held = state.blocks.get(next);
      if (held == null) {
        state.fetches.block(next, hint);
        return;
      }
      if (held.stage != Blocks.Stage.HELD || started(held)) {
        return;
      }
      next = held.block.header().parentDigest();
    }
  }

  /** Whether execution of a block could begin, or never will. */
  private boolean started(Blocks.Held held) {
    Header header = held.block.header();
    ChainPoint parent = state.blocks.executedPoint(header.parentDigest());
    boolean besideTheFinalChain =
        parent == null && header.parentView() <= state.blocks.head().view();
    if (parent == null && !besideTheFinalChain) {
      return false;
    }
    state.changed = true;
    if (parent != null && header.follows(parent, state.committee)) {
      held.stage = Blocks.Stage.EXECUTING;
      state.effects.add(new Effect.Execute(held.block));
    } else {
      held.stage = Blocks.Stage.INVALID;
    }
    return true;
  }

  void executed(Bytes32 digest, boolean valid) {
    Blocks.Held held = state.blocks.get(digest);
    if (held != null && held.stage == Blocks.Stage.EXECUTING) {
      held.stage = valid ? Blocks.Stage.VALID : Blocks.Stage.INVALID;
      if (valid) {
        persist(held);
      }
    }
  }

  /** Writes a block down before anything is said of it. */
  void persist(Blocks.Held held) {
    if (!held.persisted) {
      held.persisted = true;
      state.persist(new JournalEntry.Held(held.block));
    }
  }

  /** Delivers what is final, where the way to it is known. */
  void deliver() {
    Certificate finalization = state.finalization;
    if (finalization == null || finalization.view() <= state.blocks.head().view()) {
      return;
    }
    List<Block> path = state.blocks.pathTo(finalization.statement().digest());
    for (int i = 0; i < path.size() && !state.ended; i++) {
      List<Header> descendants =
          path.subList(i + 1, path.size()).stream().map(Block::header).toList();
      deliver(path.get(i), new Finality(descendants, finalization));
    }
  }

  private void deliver(Block block, Finality finality) {
    state.effects.add(new Effect.Deliver(block, finality));
    state.blocks.advance(block);
    state.pace.delivered(block.point());
    state.ended = block.header().ends() && state.has(Guard.STOP_AT_THE_END);
    state.rounds.headMap(block.view() - Blocks.RETAINED_VIEWS).clear();
    state.changed = true;
  }

  /** A final block that came from outside; whoever sent it, only its proof counts. */
  void fetched(Block block, Finality finality) {
    if (!state.ended
        && block.header().follows(state.blocks.head(), state.committee)
        && finality.proves(block, state.committee)) {
      tally.accept(finality.finalization(), true);
      deliver(block, finality);
      catchUpAt = state.now.millis() + CATCH_UP_PAUSE_MILLIS;
    }
  }

  /** Another validator is in a later epoch: what ended this one is final, and missing here. */
  void overtaken() {
    overtaken = true;
  }

  /**
   * Where the way to the final block stays unknown for long, whole final blocks are fetched.
   *
   * @param stuck nothing becomes final here although something waits for it: perhaps the others are
   *     in a later epoch, in which this validator has no seat and nobody tells it
   */
  void catchUp(boolean stuck) {
    if (state.finalizedView <= state.blocks.head().view() && !overtaken && !stuck) {
      behind = false;
      catchUpAt = Pace.NEVER;
      return;
    }
    if (!behind) {
      behind = true;
      catchUpAt = state.now.millis() + (overtaken ? 0 : 2L * state.pace.delta());
    }
    if (state.now.millis() >= catchUpAt) {
      catchUpAt = state.now.millis() + CATCH_UP_PAUSE_MILLIS;
      overtaken = false;
      state.effects.add(new Effect.CatchUp(state.blocks.head().height() + 1));
    }
  }

  long catchUpAt() {
    return catchUpAt;
  }
}
