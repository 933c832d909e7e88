package dev.kith.ledger.simplex;

import static dev.kith.ledger.simplex.Machine.kinds;
import static dev.kith.ledger.simplex.Machine.sentTo;
import static dev.kith.ledger.simplex.Machine.votes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Statement;
import dev.kith.ledger.block.VoteKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The ordinary course of a view. */
final class SimplexTest {
  private final Machine machine = new Machine(4, 3);

  @Test
  void anIdleRealm_saysNothingButWhereItStands() {
    machine.others().forEach(other -> machine.on(new Event.Connected(other)));
    List<Effect> effects = machine.pass(8_000);
    assertThat(effects).isNotEmpty();
    assertThat(effects)
        .allMatch(
            effect ->
                effect instanceof Effect.Broadcast(Message message)
                    && message instanceof Message.Status);
  }

  @Test
  void aProposal_isExecuted_notarized_finalized_delivered() {
    Block block = machine.block(1, machine.genesis);
    assertThat(machine.propose(block)).contains(new Effect.Execute(block));
    List<Effect> afterExecution = machine.executed(block);
    assertThat(votes(afterExecution)).containsExactly(Statement.notarize(0, 1, block.digest()));
    assertThat(afterExecution)
        .as("the block is on disk before the vote leaves")
        .startsWith(
            new Effect.Persist(new JournalEntry.Held(block)),
            new Effect.Persist(new JournalEntry.Voted(Statement.notarize(0, 1, block.digest()))));
    List<Effect> afterQuorum = machine.show(Statement.notarize(0, 1, block.digest()));
    assertThat(kinds(afterQuorum)).containsExactly(VoteKind.FINALIZE);
    assertThat(machine.simplex.view()).isEqualTo(2);
    List<Effect> afterFinality = machine.show(Statement.finalize(0, 1, block.digest()));
    assertThat(afterFinality)
        .filteredOn(Effect.Deliver.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.Deliver.class,
            deliver -> {
              assertThat(deliver.block()).isEqualTo(block);
              assertThat(deliver.finality().proves(block, machine.committee)).isTrue();
            });
    assertThat(machine.simplex.head().height()).isEqualTo(1);
  }

  @Test
  void aLeaderWithWork_proposesAtOnce_andTheOthersWaitForIt() {
    Machine leader = new Machine(4, 1);
    List<Effect> effects = leader.on(new Event.Work(true));
    assertThat(effects).contains(new Effect.Build(1, leader.genesis, false, 0b1111));
    Block block = leader.block(1, leader.genesis);
    List<Effect> built = leader.on(new Event.Built(1, Optional.of(block)));
    assertThat(built)
        .filteredOn(Effect.Broadcast.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.Broadcast.class,
            cast -> assertThat(cast.message()).isInstanceOf(Message.Propose.class));
    machine.on(new Event.Work(true));
    assertThat(votes(machine.pass(199))).isEmpty();
    assertThat(kinds(machine.pass(2))).containsExactly(VoteKind.NULLIFY);
  }

  @Test
  void aLeaderThatIsKnownToBeAway_costsNoTimeOut() {
    machine.receive(machine.others().get(0), status());
    machine.receive(machine.others().get(1), status());
    machine.receive(machine.others().get(2), status());
    machine.on(new Event.Lost(machine.committee.leader(1)));
    assertThat(kinds(machine.on(new Event.Work(true)))).containsExactly(VoteKind.NULLIFY);
  }

  private static Message.Status status() {
    return new Message.Status(1, 0, 0, Optional.empty(), Optional.empty());
  }

  @Test
  void aLeaderThatGivesUp_isFollowed() {
    machine.on(new Event.Work(true));
    int leader = machine.committee.leader(1);
    List<Effect> effects =
        machine.receive(
            leader, new Message.CastVote(machine.vote(leader, Statement.nullify(0, 1))));
    assertThat(kinds(effects)).containsExactly(VoteKind.NULLIFY);
  }

  @Test
  void aBlockFromTheFuture_isPending_notInvalid() {
    Block block = machine.block(1, machine.genesis, machine.now().wallMillis() + 2_150, 0);
    machine.propose(block);
    assertThat(votes(machine.executed(block))).isEmpty();
    assertThat(kinds(machine.pass(149))).isEmpty();
    assertThat(kinds(machine.pass(2))).containsExactly(VoteKind.NOTARIZE);
  }

  @Test
  void anIdleRealm_beatsItsHeart_andTheOthersExpectItALittleLater() {
    Machine leader = new Machine(4, 1);
    assertThat(leader.pass(58_990)).noneMatch(Effect.Build.class::isInstance);
    assertThat(leader.pass(20)).contains(new Effect.Build(1, leader.genesis, true, 0b1111));
    assertThat(votes(machine.pass(60_000))).as("the grace is not over").isEmpty();
    assertThat(kinds(machine.pass(300))).contains(VoteKind.NULLIFY);
  }

  @Test
  void aLoneValidator_needsNobody_andPacesItself() {
    Machine lone = new Machine(1, 1);
    lone.on(new Event.Work(true));
    Block block = lone.block(1, lone.genesis);
    List<Effect> effects = lone.on(new Event.Built(1, Optional.of(block)));
    assertThat(effects).anyMatch(Effect.Deliver.class::isInstance);
    assertThat(effects).noneMatch(Effect.Broadcast.class::isInstance);
    assertThat(lone.simplex.view()).isEqualTo(2);
  }

  @Test
  void twoStatementsOfOneSigner_areEvidence() {
    int liar = machine.others().getFirst();
    Statement one = Statement.finalize(0, 1, machine.block(1, machine.genesis).digest());
    machine.receive(liar, new Message.CastVote(machine.vote(liar, one)));
    Statement two = Statement.nullify(0, 1);
    assertThat(machine.receive(liar, new Message.CastVote(machine.vote(liar, two))))
        .contains(new Effect.Evidence(machine.vote(liar, one), machine.vote(liar, two)));
  }

  @Test
  void falseSignatures_areTheSendersFault() {
    int liar = machine.others().getFirst();
    int victim = machine.others().getLast();
    Statement statement = Statement.nullify(0, 1);
    var forged =
        new dev.kith.ledger.block.Vote(
            statement, victim, machine.vote(liar, statement).signature());
    assertThat(machine.receive(liar, new Message.CastVote(forged)))
        .anyMatch(effect -> effect instanceof Effect.Fault fault && fault.validator() == liar);
    assertThat(sentTo(victim, machine.history())).isEmpty();
  }
}
