package dev.kith.ledger.simplex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Statement;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which blocks a validator hands to others, and how many. */
final class AnswerTest {
  private final Machine machine = new Machine(4, 4);
  private final int asker = machine.others().getFirst();

  private List<Message> asked(Machine of, Block block) {
    List<Effect> effects = of.receive(asker, new Message.GetBlock(block.digest()));
    return Machine.sentTo(asker, effects).stream()
        .filter(Message.FoundBlock.class::isInstance)
        .toList();
  }

  @Test
  void afterARestart_aBlockOfTheLog_isHandedOut() {
    Block block = machine.block(1, machine.genesis);
    Machine restarted = new Machine(4, 4, true, List.of(new JournalEntry.Held(block)));
    assertThat(asked(restarted, block)).containsExactly(new Message.FoundBlock(block));
  }

  @Test
  void aProposal_isHandedOut_alsoForAWhileAfterItIsFinal() {
    Block block = machine.block(1, machine.genesis);
    machine.propose(block);
    assertThat(asked(machine, block)).hasSize(1);
    machine.executed(block);
    machine.show(Statement.finalize(0, 1, block.digest()));
    assertThat(machine.simplex.head().digest()).isEqualTo(block.digest());
    assertThat(asked(machine, block)).hasSize(1);
  }

  /** Nobody can fill this validator with blocks and so push out those that others need. */
  @Test
  void blocksThatNobodySignedOrAskedFor_areNotKept() {
    Block held = machine.block(1, machine.genesis);
    machine.propose(held);
    for (int variant = 1; variant <= 2_000; variant++) {
      Block junk =
          machine.block(1, machine.genesis, machine.genesis.timeMillis() + variant, variant);
      machine.receive(asker, new Message.FoundBlock(junk));
      machine.receive(
          asker,
          new Message.Propose(junk, machine.vote(asker, Statement.notarize(0, 1, junk.digest()))));
    }
    machine.pass(2_000);
    assertThat(asked(machine, held)).hasSize(1);
    Block junk = machine.block(1, machine.genesis, machine.genesis.timeMillis() + 1, 1);
    assertThat(asked(machine, junk)).isEmpty();
  }

  @Test
  void requestsForBlocks_areAnsweredWithinABudgetForEachAsker() {
    Block block = machine.block(1, machine.genesis);
    machine.propose(block);
    long answers = IntStream.range(0, 1_000).mapToLong(i -> asked(machine, block).size()).sum();
    assertThat(answers).isBetween(64L, 2 * 64L);
    int other = machine.others().getLast();
    assertThat(Machine.sentTo(other, machine.receive(other, new Message.GetBlock(block.digest()))))
        .contains(new Message.FoundBlock(block));
    machine.pass(1_000);
    assertThat(asked(machine, block)).hasSize(1);
  }
}
