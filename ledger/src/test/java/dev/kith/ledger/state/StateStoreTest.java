package dev.kith.ledger.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ledger.TestFacts;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.WrongFormatException;
import dev.kith.ledger.history.HistoryPath;
import dev.kith.ledger.record.OfferPut;
import dev.kith.libp2p.datastore.Datastore;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

final class StateStoreTest extends StateTest {
  @Test
  void whatWasFlushed_isThereAgain_andWhatWasNot_isNot() throws IOException {
    apply(0, TestFacts.map(realmId, 1, List.of(1, 2), List.of(1, 2)));
    Bytes32 root = store.applied().root();
    store.flush(() -> {});
    apply(0, TestFacts.map(realmId, 2, List.of(1), List.of()));
    StateStore again = StateStore.open(datastore, genesis);
    assertThat(again.applied().root()).isEqualTo(root);
    assertThat(again.applied().point().height()).isEqualTo(1);
    StateView old = new StateView(again, new MemberTable(again));
    assertThat(old.group(TestFacts.GROUP).orElseThrow().version()).isEqualTo(1);
    assertThat(view.group(TestFacts.GROUP).orElseThrow().version()).isEqualTo(2);
    assertThat(view.groupsHeldBy(2)).as("deleted above what is stored").isEmpty();
    assertThat(old.groupsHeldBy(2)).hasSize(1);
  }

  @Test
  void aFailedFlush_losesNothing() throws IOException {
    apply(0, TestFacts.map(realmId, 1, List.of(1, 2), List.of(1, 2)));
    assertThatThrownBy(
            () ->
                store.flush(
                    () -> {
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(IOException.class);
    assertThat(view.group(TestFacts.GROUP)).isPresent();
    AtomicInteger forced = new AtomicInteger();
    store.flush(forced::incrementAndGet);
    assertThat(forced).as("tried again although nothing came since").hasValue(1);
    assertThat(StateStore.open(datastore, genesis).applied().point().height()).isEqualTo(1);
    apply(0, new OfferPut(1, 1, 1, List.of(), 1));
    store.flush(() -> {});
    assertThat(StateStore.open(datastore, genesis).applied().point().height()).isEqualTo(2);
  }

  @Test
  void aStateOfAnotherFormat_isRefused() throws IOException {
    datastore.write(
        new Datastore.Batch().put(new byte[] {(byte) 0xFF, 'f'}, new byte[] {'K', 'S', 77}), true);
    assertThatThrownBy(() -> StateStore.open(datastore, genesis))
        .isInstanceOf(WrongFormatException.class)
        .hasMessageContaining("77");
  }

  @Test
  void theRoot_followsFromTheFactsAlone() throws IOException {
    StateTest other = new StateTest() {};
    assertThat(other.store.applied().root()).isEqualTo(store.applied().root());
    for (int i = 1; i <= 20; i++) {
      OfferPut offer = new OfferPut(i, 1, 1, List.of("a" + i), 1);
      apply(i % 4, offer);
      store.flush(() -> {});
      other.apply(i % 4, offer);
      assertThat(other.store.applied().root()).isEqualTo(store.applied().root());
    }
    Bytes32 before = store.applied().root();
    apply();
    assertThat(store.applied().root()).as("an empty block").isEqualTo(before);
    apply(0, new OfferPut(99, 1, 1, List.of(), 1));
    assertThat(store.applied().root()).isNotEqualTo(before);
  }

  @Test
  void theHighestSequence_isRemembered() throws IOException {
    assertThat(store.highestSequence(TestMembers.peer(1))).isEqualTo(-1);
    apply(batch(1, 77, List.of(new OfferPut(1, 1, 1, List.of(), 1))));
    assertThat(store.highestSequence(TestMembers.peer(1))).isEqualTo(77);
  }

  @Test
  void everyRow_isProvedUnderTheRoot_alsoAfterOpeningAnew() throws IOException {
    for (int i = 1; i <= 300; i++) {
      apply(i % 4, new OfferPut(i, 1, 1, List.of("a" + i), 1));
      if (i % 7 == 0) {
        store.flush(() -> {});
      }
    }
    store.flush(() -> {});
    StateStore again = StateStore.open(datastore, genesis);
    for (StateStore each : List.of(store, again)) {
      for (int member = 0; member < 6; member++) {
        Proven proven = each.prove(StateKeys.offer(member));
        assertThat(proven.value().isPresent()).isEqualTo(member < 4);
        assertThat(proven.at().point().height()).isEqualTo(300);
        assertThat(proven.proof().proves(proven.at().root(), proven.key(), proven.value()))
            .isTrue();
      }
    }
  }

  @Test
  void nodesOutOfUse_areDeleted_alsoThoseOfAnEarlierRun() throws IOException {
    StateStore running = store;
    for (int i = 1; i <= 900; i++) {
      apply(i % 4, new OfferPut(i, 1, 1, List.of(), 1));
      running.flush(() -> {});
    }
    AtomicInteger nodes = new AtomicInteger();
    datastore.scan(new byte[] {(byte) 0xF0}, (key, node) -> nodes.incrementAndGet() > 0);
    assertThat(nodes.get()).isBetween(3, 3 * (StoredTree.RETAINED_BLOCKS + 2));
    StateStore again = StateStore.open(datastore, genesis);
    assertThat(again.prove(StateKeys.offer(1)).value()).isPresent();
  }

  @Test
  void earlierHeaders_areProvedUnderLaterOnes() throws IOException {
    for (int i = 1; i <= 20; i++) {
      apply(0, new OfferPut(i, 1, 1, List.of(), 1));
    }
    store.flush(() -> {});
    StateStore again = StateStore.open(datastore, genesis);
    assertThat(again.applied()).isEqualTo(store.applied());
    for (long height = 1; height <= 20; height++) {
      Bytes32 digest = Bytes32.leftPad(org.apache.tuweni.bytes.Bytes.ofUnsignedLong(height));
      HistoryPath path = HistoryPath.of(height, 20, again::historyNode);
      assertThat(path.leads(digest, height, 21, again.applied().history().root())).isTrue();
    }
  }

  @Test
  void aStateWithoutItsTree_isNotTaken() throws IOException {
    apply(0, new OfferPut(1, 1, 1, List.of(), 1));
    store.flush(() -> {});
    Datastore.Batch nothing = new Datastore.Batch();
    datastore.write(nothing.put(new byte[] {(byte) 0xFF, 't'}, new byte[1]), true);
    assertThatThrownBy(() -> StateStore.open(datastore, genesis)).hasMessageContaining("damaged");
  }
}
