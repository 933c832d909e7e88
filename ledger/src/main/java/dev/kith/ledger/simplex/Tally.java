package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.block.VoteKind;

/** Counts votes and keeps certificates, both only after checking their signatures. */
final class Tally {
  private final State state;

  Tally(State state) {
    this.state = state;
  }

  /** Counts another validator's vote; returns whether it is genuine and of a view that matters. */
  boolean voted(int from, Vote vote) {
    if (vote.view() > state.view + 1 || vote.signer() >= state.committee.size()) {
      return false;
    }
    if (vote.view() <= state.finalizedView) {
      if (state.attendance.wants(vote) && state.committee.verify(vote)) {
        state.attendance.voted(vote, state.now.millis());
      }
      return false;
    }
    Round round = state.round(vote.view());
    Vote counted = round.vote(vote.kind(), vote.signer());
    if (counted != null && counted.statement().equals(vote.statement())) {
      return true;
    }
    if (!state.committee.verify(vote)) {
      state.fault(from, "a vote with a false signature");
      return false;
    }
    state.attendance.voted(vote, state.now.millis());
    Vote contradiction = round.contradiction(vote);
    if (contradiction != null) {
      state.effects.add(new Effect.Evidence(contradiction, vote));
    }
    round.add(vote);
    count(round);
    return true;
  }

  /** Makes the certificates that the votes at hand allow. */
  void count(Round round) {
    for (VoteKind kind : VoteKind.values()) {
      round
          .tally(kind, state.committee.quorum())
          .ifPresent(certificate -> accept(certificate, true));
    }
  }

  /** Keeps another validator's certificate. */
  void shown(int from, Certificate certificate) {
    if (!news(certificate)) {
      return;
    }
    if (state.committee.verify(certificate)) {
      accept(certificate, true);
    } else {
      state.fault(from, "a certificate that proves nothing");
    }
  }

  /**
   * Keeps a certificate that was checked.
   *
   * @param fresh whether to write it down and show it round, once
   */
  void accept(Certificate certificate, boolean fresh) {
    if (!news(certificate)) {
      return;
    }
    state.round(certificate.view()).certificate(certificate);
    state.changed = true;
    if (fresh) {
      state.persist(new JournalEntry.Seen(certificate));
      state.broadcast(new Message.ShowCertificate(certificate));
    }
    if (certificate.kind() == VoteKind.FINALIZE) {
      state.finalization = certificate;
      state.finalizedView = certificate.view();
      state.pace.finalized();
    }
  }

  private boolean news(Certificate certificate) {
    if (certificate.view() <= state.finalizedView) {
      return false;
    }
    Round round = state.rounds.get(certificate.view());
    return round == null || round.certificate(certificate.kind()) == null;
  }
}
