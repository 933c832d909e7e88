package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.block.VoteKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Enters views, proposes in them, judges the proposals of others, and gives views up. */
final class Views {
  private final State state;
  private final Chain chain;
  private final Voice voice;

  Views(State state, Chain chain, Voice voice) {
    this.state = state;
    this.chain = chain;
    this.voice = voice;
  }

  /** The view after the newest one that was notarized, nullified or finalized; never back. */
  void enter() {
    long target = Math.max(state.view, state.finalizedView + 1);
    for (Round round : state.rounds.tailMap(state.view).values()) {
      boolean notarized =
          state.certified(round) != null
              && (state.has(Guard.CERTIFY_AFTER_OWN_NULLIFY) || !round.said(VoteKind.NULLIFY));
      if (round.nullified() || notarized) {
        target = Math.max(target, round.view + 1);
      }
    }
    if (target > state.view) {
      Round left = state.rounds.get(target - 1);
      state.view = target;
      state.changed = true;
      state.pace.enter(
          state.now.millis(), left != null && left.nullified() && left.notarized() == null);
    }
  }

  /** Asks for a block to propose, where this validator leads and there is a reason for a block. */
  void propose() {
    Round round = state.current();
    if (state.leader() != state.self
        || !state.setup.mayVote()
        || round.proposed
        || round.building
        || round.said(VoteKind.NULLIFY)) {
      return;
    }
    boolean emptyToo = lingering() || heartbeatInMillis() <= 0;
    if (!emptyToo && (!state.work || round.nothingToBuild)) {
      return;
    }
    ChainPoint parent = parent();
    if (parent != null && state.pace.pacingInMillis(parent, state.now) <= 0) {
      round.building = true;
      state.effects.add(
          new Effect.Build(
              state.view,
              parent,
              emptyToo,
              state.attendance.claim(state.view, state.now.millis())));
    }
  }

  /** Whether a notarized block has been waiting for finality so long that it wants a descendant. */
  private boolean lingering() {
    return state.unfinalized() && state.now.millis() >= state.pace.linger();
  }

  private long heartbeatInMillis() {
    return state.pace.heartbeatInMillis(state.blocks.head(), state.now, thinned());
  }

  /** The block to build on: the newest certified one after which every view was nullified. */
  private @Nullable ChainPoint parent() {
    for (long below = state.view - 1; below > state.blocks.head().view(); below--) {
      Round round = state.rounds.get(below);
      ChainPoint point = state.certified(round);
      if (point != null) {
        return point;
      }
      if (round == null || !round.nullified()) {
        fetchCertificate(below, state.committee.leader(below));
        return null;
      }
    }
    return state.blocks.head();
  }

  /** The driver's answer to {@link Effect.Build}. */
  void built(Round round, Optional<Block> built) {
    round.building = false;
    round.nothingToBuild = built.isEmpty();
    if (built.isEmpty()
        || round.view != state.view
        || round.proposed
        || round.said(VoteKind.NULLIFY)) {
      return;
    }
    Block block = built.get();
    Blocks.Held held = state.blocks.hold(block);
    if (held != null) {
      held.stage = Blocks.Stage.VALID;
      chain.persist(held);
      round.proposed = true;
      round.proposal = block;
      state.persist(new JournalEntry.Proposed(round.view));
      voice.notarize(round, block);
    }
  }

  /** Notarizes the leader's proposal, nullifies it, or waits for what is missing to judge it. */
  void judge() {
    Round round = state.current();
    Block block = round.proposal;
    if (block == null || round.said(VoteKind.NULLIFY) || notarizedAlready(round)) {
      return;
    }
    Header header = block.header();
    if (header.parentView() < state.blocks.head().view()) {
      voice.nullify(round);
      return;
    }
    boolean complete = gapNullified(header.parentView());
    boolean onCertified = parentCertified(header);
    chain.execute(block.digest(), state.leader());
    Blocks.Held held = state.blocks.get(block.digest());
    if (held == null) {
      return;
    }
    switch (held.stage) {
      case INVALID -> voice.nullify(round);
      case VALID -> {
        if (complete && onCertified && waitsMillis(block) <= 0) {
          voice.notarize(round, block);
        }
      }
      case HELD, EXECUTING -> {
        // What is missing is on its way; the view's clock runs.
      }
    }
  }

  private boolean notarizedAlready(Round round) {
    return round.said(VoteKind.NOTARIZE) && state.has(Guard.ONE_NOTARIZE_A_VIEW);
  }

  private boolean parentCertified(Header header) {
    Round parent = state.rounds.get(header.parentView());
    if (header.parentDigest().equals(state.blocks.head().digest())
        || (parent != null && parent.certified(header.parentDigest()))) {
      return true;
    }
    fetchCertificate(header.parentView(), state.leader());
    return false;
  }

  /** Whether all views after the parent's were nullified; asks for the certificates that lack. */
  private boolean gapNullified(long parentView) {
    boolean complete = true;
    for (long below = state.view - 1; below > parentView; below--) {
      Round round = state.rounds.get(below);
      if (round == null || !round.nullified()) {
        fetchCertificate(below, state.leader());
        complete = false;
      }
    }
    return complete || !state.has(Guard.NULLIFICATIONS_FOR_THE_GAP);
  }

  /** A block from the future is not wrong; its time has merely not come. */
  private long waitsMillis(Block block) {
    return block.header().timeMillis() - Timing.CLOCK_AHEAD_MILLIS - state.now.wallMillis();
  }

  /** Runs the view's clocks while somebody waits for it, and nullifies it when they ran out. */
  void giveUp() {
    Round round = state.current();
    state.pace.arm(awaited(round), state.now.millis());
    if (!state.pace.armed()) {
      return;
    }
    long now = state.now.millis();
    boolean noProposal =
        round.proposal == null && (now >= state.pace.leadDeadline() || silent(state.leader()));
    if (noProposal
        || now >= state.pace.viewDeadline()
        || round.vote(VoteKind.NULLIFY, state.leader()) != null) {
      voice.nullify(round);
    }
  }

  /** Whether there is something to decide; an idle realm has nothing, and says nothing. */
  private boolean awaited(Round round) {
    int grace = state.leader() == state.self ? 0 : Timing.HEARTBEAT_GRACE_MILLIS;
    return state.work
        || round.proposal != null
        || round.said(VoteKind.NULLIFY)
        || round.voters() > state.committee.faults()
        || lingering()
        || heartbeatInMillis() + grace <= 0;
  }

  /** Whether a validator cannot be reached although a quorum can. */
  private boolean silent(int validator) {
    return !reachable().contains(validator) && reachable().size() >= state.committee.quorum();
  }

  /** Validators heard lately, this one included. */
  List<Integer> reachable() {
    List<Integer> reachable = new ArrayList<>();
    for (int validator = 0; validator < state.committee.size(); validator++) {
      if (validator == state.self || state.pace.heardLately(validator, state.now.millis())) {
        reachable.add(validator);
      }
    }
    return reachable;
  }

  /**
   * Whether so many validators are away that the epoch should end without them while a quorum is
   * left to do it. Blocks come faster then: their headers are what proves it.
   */
  private boolean thinned() {
    int size = state.committee.size();
    int reachable = reachable().size();
    boolean now =
        reachable >= state.committee.quorum() && size - reachable >= Committee.urgentAbsences(size);
    return state.pace.thinned(now, state.now.millis());
  }

  /** Whether something waits to become final, and nothing does. */
  boolean stuck() {
    return state.committee.size() > 1
        && state.has(Guard.FOLLOW_INTO_THE_NEXT_EPOCH)
        && (reachable().size() < state.committee.quorum()
            || state.pace.waitedMillis(state.now.millis()) > Timing.STUCK_MILLIS);
  }

  /** When one of the rules above may apply next. */
  long timer() {
    long now = state.now.millis();
    long next = Pace.NEVER;
    if (state.unfinalized() && now < state.pace.linger()) {
      next = state.pace.linger();
    }
    Round round = state.current();
    Block proposal = round.proposal;
    if (state.setup.mayVote() && !round.said(VoteKind.NULLIFY) && !round.said(VoteKind.FINALIZE)) {
      long deadline = proposal == null ? state.pace.leadDeadline() : state.pace.viewDeadline();
      next = Math.min(next, deadline);
    }
    if (proposal != null && waitsMillis(proposal) > 0) {
      next = Math.min(next, now + waitsMillis(proposal));
    }
    long pacing = state.work ? state.pace.pacingInMillis(state.tip(), state.now) : 0;
    if (pacing > 0) {
      next = Math.min(next, now + pacing);
    }
    int grace = state.leader() == state.self ? 0 : Timing.HEARTBEAT_GRACE_MILLIS;
    if (heartbeatInMillis() + grace > 0) {
      next = Math.min(next, now + heartbeatInMillis() + grace);
    }
    return next;
  }

  private void fetchCertificate(long view, int hint) {
    if (state.has(Guard.FETCH_MISSING_CERTIFICATES)) {
      state.fetches.certificate(view, hint);
    }
  }
}
