package dev.kith.ledger.simplex;

import static dev.kith.ledger.simplex.Machine.kinds;
import static dev.kith.ledger.simplex.Machine.sentTo;
import static dev.kith.ledger.simplex.Machine.votes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Finality;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.VoteKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mistakes that other implementations of such protocols made, each held off by a test. */
final class KnownBugsTest {
  private final Machine machine = new Machine(4, 4);

  /** ava-labs/Simplex#280: a helper that rebroadcasts made the second vote. */
  @Test
  void afterNullify_noLateCertificateAndNoRepeat_makesItFinalize() {
    Block block = machine.block(1, machine.genesis);
    machine.propose(block);
    machine.on(new Event.Work(true));
    machine.pass(400);
    assertThat(kinds(machine.history())).containsOnly(VoteKind.NULLIFY);
    machine.executed(block);
    machine.show(Statement.notarize(0, 1, block.digest()));
    machine.pass(20_000);
    assertThat(votes(machine.history()))
        .noneMatch(said -> said.view() == 1 && said.kind() != VoteKind.NULLIFY);
  }

  /** commonware#4275: everybody crashes after writing its vote down, and is one vote short. */
  @Test
  void afterARestart_ownVotesCountAgain() {
    List<JournalEntry> journal = List.of(new JournalEntry.Voted(Statement.nullify(0, 1)));
    Machine restarted = new Machine(4, 4, true, journal);
    for (int other : restarted.others().subList(0, 2)) {
      restarted.receive(
          other, new Message.CastVote(restarted.vote(other, Statement.nullify(0, 1))));
    }
    assertThat(restarted.simplex.view()).isEqualTo(2);
  }

  /** commonware#2695, #2697: stuck in a view that one gave up and the others did not. */
  @Test
  void afterNullify_aNotarizationStillLeadsOn() {
    machine.on(new Event.Work(true));
    machine.pass(250);
    Block block = machine.block(1, machine.genesis);
    machine.show(Statement.notarize(0, 1, block.digest()));
    assertThat(machine.simplex.view()).as("not without the block").isEqualTo(1);
    machine.propose(block);
    machine.executed(block);
    assertThat(machine.simplex.view()).isEqualTo(2);
  }

  /** commonware#2137, #2192, #4332: one holds the notarization, another the nullification. */
  @Test
  void aProposalOnAnUnknownCertificate_asksItsLeaderForIt() {
    Block first = machine.block(1, machine.genesis);
    machine.show(Statement.nullify(0, 1));
    Block second = machine.block(2, first.point());
    int leader = machine.committee.leader(2);
    List<Effect> asked = machine.propose(second);
    assertThat(sentTo(leader, asked))
        .contains(new Message.GetCertificate(1), new Message.GetBlock(first.digest()));
    machine.receive(leader, new Message.FoundBlock(first));
    machine.executed(first);
    machine.executed(second);
    assertThat(kinds(machine.history())).doesNotContain(VoteKind.NOTARIZE);
    List<Effect> effects = machine.show(Statement.notarize(0, 1, first.digest()));
    assertThat(votes(effects)).contains(Statement.notarize(0, 2, second.digest()));
  }

  @Test
  void aProposalThatSkipsAView_asksItsLeaderWhy() {
    Block first = machine.block(1, machine.genesis);
    machine.propose(first);
    machine.executed(first);
    machine.show(Statement.notarize(0, 1, first.digest()));
    Block skipping = machine.block(2, machine.genesis);
    int leader = machine.committee.leader(2);
    assertThat(sentTo(leader, machine.propose(skipping))).contains(new Message.GetCertificate(1));
    assertThat(votes(machine.executed(skipping))).isEmpty();
    assertThat(votes(machine.show(Statement.nullify(0, 1))))
        .contains(Statement.notarize(0, 2, skipping.digest()));
  }

  /** ava#486: the same empty vote twice makes no quorum. */
  @Test
  void theSameVoteTwice_countsOnce() {
    int other = machine.others().getFirst();
    for (int i = 0; i < 5; i++) {
      machine.receive(other, new Message.CastVote(machine.vote(other, Statement.nullify(0, 1))));
    }
    assertThat(machine.simplex.view()).isEqualTo(1);
  }

  /** ava#544: a forged pair under a number that the sender chose blocked the honest one. */
  @Test
  void aForgedFinalBlock_isNotDelivered_andDoesNotBlockTheGenuineOne() {
    Block genuine = machine.block(1, machine.genesis);
    Block forged = machine.block(1, machine.genesis, machine.now().wallMillis(), 9);
    Certificate certificate = machine.certificate(Statement.finalize(0, 1, genuine.digest()));
    Certificate tooFew =
        machine.certificate(
            Statement.finalize(0, 1, forged.digest()), machine.others().subList(0, 2));
    assertThat(machine.on(new Event.Fetched(forged, new Finality(List.of(), certificate))))
        .noneMatch(Effect.Deliver.class::isInstance);
    assertThat(machine.on(new Event.Fetched(forged, new Finality(List.of(), tooFew))))
        .noneMatch(Effect.Deliver.class::isInstance);
    assertThat(machine.on(new Event.Fetched(genuine, new Finality(List.of(), certificate))))
        .anyMatch(Effect.Deliver.class::isInstance);
  }

  /** commonware#3985: one certificate answered many requests. */
  @Test
  void requests_doNotBuyUnboundedAnswers() {
    machine.show(Statement.nullify(0, 1));
    int asker = machine.others().getFirst();
    List<Effect> effects = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      effects.addAll(machine.receive(asker, new Message.GetCertificate(1)));
    }
    assertThat(sentTo(asker, effects)).hasSizeBetween(100, 128);
  }

  @Test
  void fetches_areFewAndEverRarer() {
    Block unknown = machine.block(1, machine.genesis);
    machine.show(Statement.notarize(0, 1, unknown.digest()));
    List<Effect> effects = machine.pass(10_000);
    long asked =
        effects.stream()
            .filter(
                effect ->
                    effect instanceof Effect.Send(int to, Message message)
                        && message instanceof Message.GetBlock)
            .count();
    assertThat(asked).isBetween(8L, 16L);
  }

  /** commonware#4299: an old certificate moved the view backwards. */
  @Test
  void oldCertificates_neverMoveTheViewBack() {
    machine.show(Statement.nullify(0, 7));
    assertThat(machine.simplex.view()).isEqualTo(8);
    machine.show(Statement.nullify(0, 3));
    machine.show(Statement.nullify(0, 6));
    assertThat(machine.simplex.view()).isEqualTo(8);
  }

  /** commonware#3042: a block that does not do what it says is given up at once. */
  @Test
  void anInvalidBlock_isNullified_withoutWaiting() {
    Block block = machine.block(1, machine.genesis);
    machine.propose(block);
    List<Effect> effects = machine.on(new Event.Executed(block.digest(), false));
    assertThat(kinds(effects)).containsExactly(VoteKind.NULLIFY);
  }

  /** Besu: time-outs that doubled without end, and never came back. */
  @Test
  void timeOuts_growToACap_andFinalityBringsThemBack() {
    machine.on(new Event.Work(true));
    long longest = 0;
    for (int view = 1; view <= 20; view++) {
      longest = timeToNullify();
      machine.show(Statement.nullify(0, view));
    }
    assertThat(longest).isLessThanOrEqualTo(2L * Machine.TIMING.deltaMaxMillis() + 1);
    Block block = machine.block(21, machine.genesis);
    machine.propose(block);
    machine.executed(block);
    machine.show(Statement.finalize(0, 21, block.digest()));
    assertThat(timeToNullify()).isLessThanOrEqualTo(2L * Machine.TIMING.deltaMillis() + 1);
  }

  private long timeToNullify() {
    long start = machine.millis;
    long view = machine.simplex.view();
    if (machine.committee.leader(view) == machine.self) {
      return 0;
    }
    while (machine.history().stream()
        .noneMatch(
            effect ->
                effect.equals(
                    new Effect.Persist(new JournalEntry.Voted(Statement.nullify(0, view)))))) {
      machine.pass(1);
    }
    return machine.millis - start;
  }

  /** Besu#8307: a wiped validator that voted as if it had never said anything. */
  @Test
  void aValidatorThatLostItsLog_followsInSilence() {
    Machine amnesic = new Machine(4, 1, false, List.of());
    amnesic.on(new Event.Work(true));
    Block block = amnesic.block(2, amnesic.genesis);
    amnesic.pass(2_000);
    amnesic.show(Statement.nullify(0, 1));
    amnesic.propose(block);
    amnesic.executed(block);
    amnesic.show(Statement.notarize(0, 2, block.digest()));
    List<Effect> effects = amnesic.show(Statement.finalize(0, 2, block.digest()));
    assertThat(effects).anyMatch(Effect.Deliver.class::isInstance);
    amnesic.pass(10_000);
    assertThat(votes(amnesic.history())).isEmpty();
  }

  /** Rule W: a restarted validator repeats what it said, and says nothing else. */
  @Test
  void afterARestart_itRepeatsItself_andNeverContradicts() {
    Block one = machine.block(1, machine.genesis);
    Block two = machine.block(1, machine.genesis, machine.now().wallMillis(), 5);
    List<JournalEntry> journal =
        List.of(
            new JournalEntry.Held(one),
            new JournalEntry.Voted(Statement.notarize(0, 1, one.digest())));
    Machine restarted = new Machine(4, 4, true, journal);
    restarted.propose(two);
    restarted.executed(two);
    restarted.pass(5_000);
    assertThat(votes(restarted.history()))
        .contains(Statement.notarize(0, 1, one.digest()))
        .doesNotContain(Statement.notarize(0, 1, two.digest()));
  }

  /** A leader that crashed after its log and before the network sends the same block again. */
  @Test
  void aRestartedLeader_proposesWhatItProposed() {
    Machine leader = new Machine(4, 1);
    Block block = leader.block(1, leader.genesis);
    List<JournalEntry> journal =
        List.of(
            new JournalEntry.Held(block),
            new JournalEntry.Proposed(1),
            new JournalEntry.Voted(Statement.notarize(0, 1, block.digest())));
    Machine restarted = new Machine(4, 1, true, journal);
    restarted.on(new Event.Work(true));
    List<Effect> effects = restarted.pass(500);
    assertThat(effects).noneMatch(Effect.Build.class::isInstance);
    assertThat(effects)
        .anyMatch(
            effect ->
                effect instanceof Effect.Broadcast(Message message)
                    && message instanceof Message.Propose propose
                    && propose.block().equals(block));
  }
}
