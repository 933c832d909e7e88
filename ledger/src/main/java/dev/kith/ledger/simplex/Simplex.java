package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.Finality;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes32;

/**
 * One validator's part in the consensus of one epoch: events go in, effects come out, and nothing
 * else happens. One thread owns it.
 *
 * <p>Why it is safe. Two quorums share an honest validator. Such a validator notarizes one block a
 * view, so a view has one notarized block. It never both finalizes and nullifies, so no view has
 * both certificates. And it notarizes a block only where all views between the block's and its
 * parent's were nullified. So once a block is final, every block notarized in a later view has it
 * as an ancestor. No clock takes part in this.
 *
 * <p>Why it is live. Everything that was said is said again while somebody waits, a validator that
 * lacks a certificate or a block asks for it, and views fail ever more slowly until a leader has
 * enough time.
 */
public final class Simplex {
  private final State state;
  private final Tally tally;
  private final Voice voice;
  private final Intake intake;
  private final Chain chain;
  private final Views views;
  private long deadline = Pace.NEVER;

  /**
   * What a machine is made from.
   *
   * @param self this validator's index in the committee
   * @param mayVote false for a validator that lost its write-ahead log: it follows and repairs, but
   *     what it said before is unknown, so it must say nothing
   * @param head the newest block that was delivered before
   * @param finalization the certificate in that block's proof, with which others are shown how far
   *     this validator is; empty for the genesis
   */
  public record Setup(
      Committee committee,
      int self,
      boolean mayVote,
      Timing timing,
      ChainPoint head,
      Optional<Certificate> finalization,
      VoteSigner signer,
      RandomGenerator random) {}

  public Simplex(Setup setup) {
    this(setup, Set.of());
  }

  /** A machine without some of its rules, for the simulator alone. */
  public Simplex(Setup setup, Set<Guard> removed) {
    state = new State(setup, removed);
    tally = new Tally(state);
    voice = new Voice(state, tally);
    intake = new Intake(state, tally, voice);
    chain = new Chain(state, tally, voice);
    views = new Views(state, chain, voice);
  }

  /**
   * Takes the first turn: goes on where the write-ahead log ends.
   *
   * @param journal the log's entries in the order in which they were written
   */
  public List<Effect> start(List<JournalEntry> journal, Now now) {
    state.begin(now);
    state.pace.enter(now.millis(), false);
    journal.forEach(intake::recover);
    List.copyOf(state.rounds.values()).forEach(tally::count);
    return settle();
  }

  /** Takes one turn. */
  public List<Effect> on(Event event, Now now) {
    state.begin(now);
    switch (event) {
      case Event.Received(int from, long epoch, Message message) -> {
        state.pace.heard(from, now.millis());
        receive(from, epoch, message);
      }
      case Event.Connected(int validator) -> {
        state.pace.heard(validator, now.millis());
        state.send(validator, voice.status());
      }
      case Event.Lost(int validator) -> state.pace.lost(validator);
      case Event.Work(boolean present) -> {
        state.work = present;
        state.current().nothingToBuild = false;
      }
      case Event.Built(long view, Optional<Block> block) -> views.built(state.round(view), block);
      case Event.Executed(Bytes32 digest, boolean valid) -> chain.executed(digest, valid);
      case Event.Fetched(Block block, Finality finality) -> chain.fetched(block, finality);
      case Event.Tick() -> {
        // Only the time passed.
      }
    }
    return settle();
  }

  private void receive(int from, long epoch, Message message) {
    if (epoch == state.committee.epoch()) {
      intake.receive(from, message);
    } else if (epoch < state.committee.epoch()) {
      intake.showEpoch(from);
    } else if (state.has(Guard.FOLLOW_INTO_THE_NEXT_EPOCH)) {
      chain.overtaken();
    }
  }

  /** Applies the rules until none applies any more. */
  private List<Effect> settle() {
    if (state.ended) {
      return state.effects;
    }
    do {
      state.changed = false;
      state.fetches.clear();
      chain.certify();
      chain.deliver();
      if (state.ended) {
        deadline = Pace.NEVER;
        return state.effects;
      }
      views.enter();
      views.propose();
      views.judge();
      views.giveUp();
    } while (state.changed);
    long now = state.now.millis();
    if (state.pace.retryDue(now)) {
      voice.repeat();
    }
    if (state.pace.statusDue(now)) {
      state.broadcast(voice.status());
    }
    chain.catchUp(views.stuck());
    long fetchAt = state.fetches.send(now, state::send);
    deadline = Math.min(fetchAt, Math.min(chain.catchUpAt(), state.pace.repeats()));
    deadline = Math.min(deadline, views.timer());
    return state.effects;
  }

  /** When the next {@link Event.Tick} is due, on the monotonic clock. */
  public long deadline() {
    return deadline;
  }

  public long view() {
    return state.view;
  }

  /** Whether the last block of the epoch was delivered: from then on it says nothing new. */
  public boolean ended() {
    return state.ended;
  }

  /** The newest block that was delivered. */
  public ChainPoint head() {
    return state.blocks.head();
  }

  /** The newest executed block that was notarized, on which the next one is likely to stand. */
  public ChainPoint tip() {
    return state.tip();
  }

  /** Validators heard in the last ten seconds of machine time, this one included. */
  public List<Integer> reachable() {
    return views.reachable();
  }

  /** For logs: where the machine stands, and its open views. */
  @Override
  public String toString() {
    return "view "
        + state.view
        + " finalized "
        + state.finalizedView
        + " head "
        + state.blocks.head().height()
        + "@"
        + state.blocks.head().view()
        + " "
        + state.open();
  }
}
