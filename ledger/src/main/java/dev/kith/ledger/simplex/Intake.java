package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.Vote;
import dev.kith.ledger.block.VoteKind;
import org.apache.tuweni.bytes.Bytes32;

/** What comes in: from other validators, and from this one's own past. */
final class Intake {
  private static final int CERTIFICATE_REQUESTS_PER_SECOND_MAX = 128;
  private static final int BLOCK_REQUESTS_PER_SECOND_MAX = 64;
  private static final int HELP_PAUSE_MILLIS = 200;

  private final State state;
  private final Tally tally;
  private final Voice voice;
  private final long[] helpedAt;
  private final Budget certificates;
  private final Budget blocks;

  Intake(State state, Tally tally, Voice voice) {
    this.state = state;
    this.tally = tally;
    this.voice = voice;
    int size = state.committee.size();
    helpedAt = new long[size];
    java.util.Arrays.fill(helpedAt, Long.MIN_VALUE / 2);
    certificates = new Budget(size, CERTIFICATE_REQUESTS_PER_SECOND_MAX);
    blocks = new Budget(size, BLOCK_REQUESTS_PER_SECOND_MAX);
  }

  /** Takes one entry of the write-ahead log. */
  void recover(JournalEntry entry) {
    switch (entry) {
      case JournalEntry.Proposed(long view) -> {
        if (view > state.finalizedView) {
          state.round(view).proposed = true;
        }
      }
      case JournalEntry.Voted(Statement statement) -> {
        if (statement.view() > state.finalizedView) {
          recover(state.round(statement.view()), statement);
        }
      }
      case JournalEntry.Held(Block block) -> {
        Blocks.Held held = state.blocks.hold(block);
        if (held != null) {
          held.persisted = true;
        }
      }
      case JournalEntry.Seen(Certificate certificate) -> tally.accept(certificate, false);
    }
  }

  private void recover(Round round, Statement statement) {
    round.say(statement);
    Vote vote = voice.sign(statement);
    if (state.has(Guard.COUNT_OWN_VOTES_AGAIN)) {
      round.add(vote);
    }
    // A leader that crashed between its log and the network can still send its proposal.
    Blocks.Held held = state.blocks.get(statement.digest());
    if (statement.kind() == VoteKind.NOTARIZE && round.proposed && held != null) {
      round.proposal = held.block;
    }
  }

  void receive(int from, Message message) {
    switch (message) {
      case Message.Propose(Block block, Vote vote) -> proposed(from, block, vote);
      case Message.CastVote(Vote vote) -> {
        if (vote.view() < state.view - 1) {
          help(from);
        }
        tally.voted(from, vote);
      }
      case Message.ShowCertificate(Certificate certificate) -> tally.shown(from, certificate);
      case Message.GetCertificate(long view) -> answer(from, view);
      case Message.FoundBlock(Block block) -> {
        if (state.fetches.wants(block.digest())) {
          state.blocks.hold(block);
        }
      }
      case Message.GetBlock(Bytes32 digest) -> {
        if (blocks.allows(from, state.now.millis())) {
          state
              .blocks
              .find(digest)
              .ifPresent(block -> state.send(from, new Message.FoundBlock(block)));
        }
      }
      case Message.Status status -> {
        status.entry().ifPresent(certificate -> tally.shown(from, certificate));
        status.finalization().ifPresent(certificate -> tally.shown(from, certificate));
        if (status.view() < state.view || status.finalizedView() < state.finalizedView) {
          help(from);
        }
      }
    }
  }

  private void proposed(int from, Block block, Vote vote) {
    if (!vote.statement().digest().equals(block.digest())
        || vote.kind() != VoteKind.NOTARIZE
        || vote.view() != block.view()
        || vote.signer() != state.committee.leader(block.view())) {
      state.fault(from, "a proposal that its leader did not sign");
      return;
    }
    if (!tally.voted(from, vote)) {
      return;
    }
    Round round = state.round(block.view());
    if (round.proposal == null || !state.has(Guard.ONE_NOTARIZE_A_VIEW)) {
      round.proposal = block;
      state.blocks.hold(block);
    }
  }

  /** Shows what there is of a view. */
  private void answer(int from, long view) {
    if (!certificates.allows(from, state.now.millis())) {
      return;
    }
    Round round = state.rounds.get(view);
    if (round != null) {
      round.certificates().forEach(c -> state.send(from, new Message.ShowCertificate(c)));
    }
    Certificate finalization = state.finalization;
    if (finalization != null && view <= state.finalizedView) {
      state.send(from, new Message.ShowCertificate(finalization));
    }
  }

  /** Tells one that is in an earlier epoch of this one. */
  void showEpoch(int validator) {
    if (state.now.millis() - helpedAt[validator] >= HELP_PAUSE_MILLIS) {
      helpedAt[validator] = state.now.millis();
      state.send(validator, voice.status());
    }
  }

  /** Shows one that lags behind why this validator is further. */
  private void help(int validator) {
    if (state.now.millis() - helpedAt[validator] < HELP_PAUSE_MILLIS) {
      return;
    }
    helpedAt[validator] = state.now.millis();
    Certificate entry = state.entry();
    if (entry != null && state.has(Guard.REPEAT_ENTRY_CERTIFICATE)) {
      state.send(validator, new Message.ShowCertificate(entry));
    }
    Certificate finalization = state.finalization;
    if (finalization != null && !finalization.equals(entry)) {
      state.send(validator, new Message.ShowCertificate(finalization));
    }
  }
}
