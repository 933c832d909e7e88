package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.block.VoteKind;
import java.util.Optional;

/**
 * What this validator says itself. {@link #allowed} holds every rule on what an honest validator
 * may sign, for the first time and for ever: nothing else makes votes, so no path around it (a
 * rebroadcast, a late certificate, a restart) can break one.
 */
final class Voice {
  private final State state;
  private final Tally tally;

  Voice(State state, Tally tally) {
    this.state = state;
    this.tally = tally;
  }

  void notarize(Round round, Block block) {
    cast(round, Statement.notarize(state.committee.epoch(), round.view, block.digest()));
  }

  void nullify(Round round) {
    cast(round, Statement.nullify(state.committee.epoch(), round.view));
  }

  void finalize(Round round, org.apache.tuweni.bytes.Bytes32 digest) {
    cast(round, Statement.finalize(state.committee.epoch(), round.view, digest));
  }

  private void cast(Round round, Statement statement) {
    if (!allowed(round, statement)) {
      return;
    }
    state.changed = true;
    round.say(statement);
    state.persist(new JournalEntry.Voted(statement));
    Vote vote = sign(statement);
    state.broadcast(message(round, vote));
    round.add(vote);
    tally.count(round);
  }

  private boolean allowed(Round round, Statement statement) {
    if (!state.setup.mayVote() || state.ended || round.view <= state.finalizedView) {
      return false;
    }
    return switch (statement.kind()) {
      case NOTARIZE ->
          round.view == state.view
              && !round.said(VoteKind.NULLIFY)
              && (!round.said(VoteKind.NOTARIZE) || !state.has(Guard.ONE_NOTARIZE_A_VIEW))
              && !statement.equals(round.own(VoteKind.NOTARIZE));
      case NULLIFY ->
          round.view == state.view
              && !round.said(VoteKind.NULLIFY)
              && !round.said(VoteKind.FINALIZE);
      case FINALIZE ->
          !round.said(VoteKind.FINALIZE)
              && (!round.said(VoteKind.NULLIFY) || !state.has(Guard.NO_FINALIZE_AFTER_NULLIFY));
    };
  }

  /** Says again what may have been lost: votes, the proposal, and why one is in this view. */
  void repeat() {
    for (Round round : state.rounds.tailMap(state.finalizedView, false).values()) {
      for (VoteKind kind : VoteKind.values()) {
        Statement said = round.own(kind);
        if (said != null && (round.view == state.view || kind == VoteKind.FINALIZE)) {
          Vote vote = sign(said);
          state.broadcast(message(round, vote));
          if (state.has(Guard.COUNT_OWN_VOTES_AGAIN)) {
            round.add(vote);
          }
        }
      }
    }
    tally.count(state.current());
    Certificate entry = state.entry();
    if (entry != null && state.has(Guard.REPEAT_ENTRY_CERTIFICATE)) {
      state.broadcast(new Message.ShowCertificate(entry));
    }
    Certificate finalization = state.finalization;
    if (finalization != null && !finalization.equals(entry)) {
      state.broadcast(new Message.ShowCertificate(finalization));
    }
  }

  Message.Status status() {
    boolean showsEntry = state.has(Guard.REPEAT_ENTRY_CERTIFICATE);
    return new Message.Status(
        state.view,
        state.finalizedView,
        state.blocks.head().height(),
        showsEntry ? Optional.ofNullable(state.entry()) : Optional.empty(),
        Optional.ofNullable(state.finalization));
  }

  Vote sign(Statement statement) {
    return new Vote(
        statement, state.self, state.setup.signer().sign(state.committee.signingHash(statement)));
  }

  /** A leader's notarize vote carries its block. */
  private static Message message(Round round, Vote vote) {
    Block block = round.proposal;
    return vote.kind() == VoteKind.NOTARIZE && round.proposed && block != null
        ? new Message.Propose(block, vote)
        : new Message.CastVote(vote);
  }
}
