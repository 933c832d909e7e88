package dev.kith.ledger.state;

import dev.kith.ledger.Refusal;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.VoteKind;
import dev.kith.ledger.record.Evidence;
import dev.kith.ledger.record.Leaving;
import dev.kith.ledger.record.Signatures;
import dev.kith.ledger.record.ValidatorReady;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is ready to validate, who goes, and who was caught lying. */
final class CommitteeRules {
  private CommitteeRules() {}

  static @Nullable Refusal apply(ValidatorReady fact, int author, Transition at)
      throws IOException {
    EpochRow epoch = Epochs.current(at.state());
    if (fact.epoch() != epoch.number()) {
      return Refusal.WRONG_EPOCH;
    }
    int seat = epoch.seatOf(author);
    if (seat >= 0) {
      return stay(seat, at);
    }
    if (Epochs.ban(at.state(), author).untilMillis() > at.timeMillis()) {
      return Refusal.BANNED;
    }
    Standbys.Standby standby = new Standbys.Standby(author, at.timeMillis(), fact.journal());
    Optional<Standbys> after = Epochs.standbys(at.state()).with(standby, at.timeMillis());
    if (after.isEmpty()) {
      return Refusal.OUT_OF_BOUNDS;
    }
    at.state().put(StateKeys.STANDBYS, after.get().encode());
    return null;
  }

  /** Whoever has a seat shows by its votes that it is ready; here it only takes back a leave. */
  private static @Nullable Refusal stay(int seat, Transition at) throws IOException {
    Conduct conduct = Epochs.conduct(at.state());
    if ((conduct.leaving() >> seat & 1) == 0) {
      return Refusal.NOTHING_NEW;
    }
    at.state().put(StateKeys.CONDUCT, conduct.leaves(seat, false).encode());
    return null;
  }

  static @Nullable Refusal apply(Leaving fact, int author, Transition at) throws IOException {
    EpochRow epoch = Epochs.current(at.state());
    if (fact.epoch() != epoch.number()) {
      return Refusal.WRONG_EPOCH;
    }
    int seat = epoch.seatOf(author);
    Standbys standbys = Epochs.standbys(at.state());
    if (seat >= 0) {
      Conduct conduct = Epochs.conduct(at.state());
      at.state().put(StateKeys.CONDUCT, conduct.leaves(seat, true).encode());
    } else if (standbys.of(author).isPresent()) {
      at.state().put(StateKeys.STANDBYS, standbys.without(author).encode());
    } else {
      return Refusal.NOTHING_NEW;
    }
    return null;
  }

  /** A validator that was proved to lie loses its seat with this block, and gets none for days. */
  static @Nullable Refusal apply(Evidence fact, Transition at) throws IOException {
    Optional<EpochRow> then = Epochs.of(at.state(), fact.epoch());
    if (then.isEmpty() || fact.signer() >= then.get().seats().size()) {
      return Refusal.WRONG_EPOCH;
    }
    EpochRow epoch = then.get();
    if (epoch.startMillis() < at.timeMillis() - Ban.PROOF_MILLIS) {
      return Refusal.EXPIRED;
    }
    EpochRow.Seat culprit = epoch.seats().get(fact.signer());
    if (!proves(fact, at, culprit)) {
      return Refusal.NO_OFFENCE;
    }
    Ban before = Epochs.ban(at.state(), culprit.member());
    Ban after = before.liar(epoch.startMillis());
    if (after.equals(before)) {
      return Refusal.NOTHING_NEW;
    }
    at.state().put(StateKeys.ban(culprit.member()), after.encode());
    Standbys standbys = Epochs.standbys(at.state());
    if (standbys.of(culprit.member()).isPresent()) {
      at.state().put(StateKeys.STANDBYS, standbys.without(culprit.member()).encode());
    }
    int seat = Epochs.current(at.state()).seatOf(culprit.member());
    if (seat >= 0) {
      at.state().put(StateKeys.CONDUCT, Epochs.conduct(at.state()).evicts(seat).encode());
    }
    return null;
  }

  private static boolean proves(Evidence fact, Transition at, EpochRow.Seat culprit) {
    return signed(fact, fact.first(), at, culprit) && signed(fact, fact.second(), at, culprit);
  }

  private static boolean signed(
      Evidence fact, Evidence.Said said, Transition at, EpochRow.Seat culprit) {
    VoteKind kind = VoteKind.of(said.kind());
    Statement statement = new Statement(kind, fact.epoch(), fact.view(), said.digest());
    return Signatures.verifyHash(
        culprit.key(), Committee.signingHash(at.realmId(), statement), said.signature());
  }
}
