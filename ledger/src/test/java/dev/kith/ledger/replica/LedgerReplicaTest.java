package dev.kith.ledger.replica;

import static dev.kith.ledger.replica.TestRealm.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.LedgerStalledException;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.RecordEntry;
import dev.kith.ledger.RecordFilter;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.TestMembers;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.GroupDead;
import dev.kith.ledger.record.MemberPut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerReplicaTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final RecordFilter ALL =
      new RecordFilter(Optional.empty(), Optional.empty(), Optional.empty());

  @TempDir Path folder;

  @Test
  void aRealmOfOne_recordsRestartsAndGoesOn() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 1, 1)) {
      assertThat(realm.ledger(0).submit(offer(1), PATIENCE).applied()).isTrue();
      long height = realm.ledger(0).view().height();
      realm.stop(0);
      Ledger again = realm.start(0);
      assertThat(again.view().height()).isEqualTo(height);
      assertThat(again.view().member(0).orElseThrow().offer()).contains(offer(1));
      assertThat(again.submit(offer(2), PATIENCE).applied()).isTrue();
      assertThat(again.view().member(0).orElseThrow().offer()).contains(offer(2));
    }
  }

  @Test
  void submit_isFinalAtEveryPeer_fromValidatorsAndFollowers() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 6, 4)) {
      for (int peer = 0; peer < 6; peer++) {
        assertThat(realm.ledger(peer).submit(offer(peer + 1), PATIENCE).applied()).isTrue();
        assertThat(realm.ledger(peer).view().member(peer).orElseThrow().offer())
            .as("the submitter has executed it")
            .contains(offer(peer + 1));
      }
      awaitAgreement(realm, IntStream.range(0, 6).boxed().toList());
      List<RecordEntry> records = realm.ledger(5).records(1, ALL, 100);
      assertThat(records).hasSize(6).allMatch(entry -> entry.outcome().applied());
    }
  }

  @Test
  void oneValidatorDown_delaysAndDoesNotStop() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 6, 4)) {
      realm.ledger(4).submit(offer(1), PATIENCE);
      realm.kill(2);
      for (int i = 2; i < 10; i++) {
        assertThat(realm.ledger(4 + i % 2).submit(offer(i), PATIENCE).applied()).isTrue();
      }
      realm.start(2);
      awaitAgreement(realm, List.of(0, 1, 2, 3, 4, 5));
      assertThat(realm.ledger(2).submit(offer(11), PATIENCE).applied()).isTrue();
    }
  }

  @Test
  void withoutAQuorum_submitSaysStalled_andTheRecordIsFinalLater() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 3, 3)) {
      realm.ledger(0).submit(offer(1), PATIENCE);
      realm.kill(1);
      realm.kill(2);
      assertThatThrownBy(() -> realm.ledger(0).submit(offer(2), Duration.ofMillis(500)))
          .isInstanceOf(LedgerStalledException.class);
      realm.start(1);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(realm.ledger(1).view().member(0).orElseThrow().offer())
                      .contains(offer(2)));
    }
  }

  /** Followers find each other then; what they once heard must not go round in circles. */
  @Test
  void whenAllValidatorsAreGone_followersKnowItAndComeBackToThem() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 3, 1)) {
      realm.ledger(1).submit(offer(1), PATIENCE);
      awaitAgreement(realm, List.of(0, 1, 2));
      realm.host(1).connect(realm.host(2).id(), realm.host(2).listenAddresses(), PATIENCE);
      realm.kill(0);
      for (int follower : List.of(1, 2)) {
        await().atMost(PATIENCE).until(() -> realm.ledger(follower).status().reachable().isEmpty());
      }
      realm.start(0);
      assertThat(realm.ledger(0).submit(offer(2), PATIENCE).applied()).isTrue();
      awaitAgreement(realm, List.of(0, 1, 2));
    }
  }

  @Test
  void everybodyRestarts_andNothingIsLost() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 5, 4)) {
      for (int i = 1; i <= 5; i++) {
        realm.ledger(i % 5).submit(offer(i), PATIENCE);
      }
      Bytes32 root = realm.ledger(0).blocks(1, 100).getLast().stateRoot();
      long height = realm.ledger(0).view().height();
      for (int peer = 0; peer < 5; peer++) {
        realm.kill(peer);
      }
      for (int peer = 0; peer < 5; peer++) {
        realm.start(peer);
      }
      await().atMost(PATIENCE).until(() -> realm.ledger(4).view().height() >= height);
      assertThat(realm.ledger(4).blocks(height, 1).getFirst().stateRoot()).isEqualTo(root);
      assertThat(realm.ledger(4).submit(offer(9), PATIENCE).applied()).isTrue();
    }
  }

  @Test
  void aFollowerWhosePeerDies_goesToAnotherWithinASecond() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 5, 4)) {
      realm.ledger(4).submit(offer(1), PATIENCE);
      for (int victim = 0; victim < 4; victim++) {
        realm.kill(victim);
        long before = System.nanoTime();
        assertThat(realm.ledger(4).submit(offer(10 + victim), PATIENCE).applied()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(ofSeconds(5));
        realm.start(victim);
      }
    }
  }

  @Test
  void aFollowerThatWasAway_catchesUp_alsoFromAnotherFollower() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 6, 4)) {
      realm.ledger(4).submit(offer(1), PATIENCE);
      realm.stop(5);
      for (int i = 0; i < 20; i++) {
        realm.ledger(0).submit(offer(i), PATIENCE);
      }
      await().until(() -> realm.ledger(4).view().height() == realm.ledger(0).view().height());
      for (int validator = 0; validator < 4; validator++) {
        realm.network.disconnect(realm.host(5).id(), realm.host(validator).id());
      }
      realm.host(5).connect(realm.host(4).id(), PATIENCE);
      realm.start(5);
      awaitAgreement(realm, List.of(0, 4, 5));
    }
  }

  @Test
  void aNewcomer_joinsWithATicket_andFollows() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 4, 4)) {
      Bytes32 realmId = realm.genesis.realmId();
      int device = realm.newcomer();
      long tomorrow = System.currentTimeMillis() + 86_400_000;
      MemberPut put = TestMembers.join(realmId, device, 1, 1, tomorrow);
      Batch batch = Batch.sign(realmId, TestMembers.device(device), 7, 1_000, List.<Fact>of(put));
      assertThat(realm.ledger(1).submit(batch, PATIENCE)).allMatch(Outcome::applied);
      realm.start(device);
      await()
          .atMost(PATIENCE)
          .until(() -> realm.ledger(device).view().member(realm.host(device).id()).isPresent());
      assertThat(realm.ledger(device).submit(offer(3), PATIENCE).applied()).isTrue();
    }
  }

  @Test
  void manyFactsAtOnce_areOneSignature_andKeepTheirOrder() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 5, 4)) {
      List<Fact> facts = new ArrayList<>();
      for (int i = 1; i <= 600; i++) {
        facts.add(offer(i));
      }
      facts.add(new GroupDead(Bytes32.ZERO, 1));
      List<Outcome> outcomes = realm.ledger(4).submit(facts, PATIENCE);
      assertThat(outcomes).hasSize(601);
      assertThat(outcomes.subList(0, 600)).allMatch(Outcome::applied);
      assertThat(outcomes.getLast())
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.refusal()).isEqualTo(Refusal.UNKNOWN_GROUP));
      assertThat(realm.ledger(4).view().member(4).orElseThrow().offer()).contains(offer(600));
    }
  }

  @Test
  void listeners_seeEveryBlockOnce_inOrder() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 1, 1)) {
      realm.ledger(0).submit(offer(1), PATIENCE);
      long first = realm.ledger(0).view().height();
      List<Long> heights = new CopyOnWriteArrayList<>();
      realm.ledger(0).follow((block, records) -> heights.add(block.height()));
      for (int i = 2; i <= 10; i++) {
        realm.ledger(0).submit(offer(i), PATIENCE);
      }
      List<Long> all = LongStream.rangeClosed(first + 1, first + 9).boxed().toList();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(heights).endsWith(all.toArray(Long[]::new)));
      assertThat(heights).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void aValidatorThatLostItsFolder_followsAndDoesNotVote() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 4, 4)) {
      realm.ledger(0).submit(offer(1), PATIENCE);
      realm.kill(3);
      delete(realm.folder(3));
      realm.start(3);
      assertThat(realm.ledger(3).status().validator()).isFalse();
      assertThat(realm.ledger(0).submit(offer(2), PATIENCE).applied()).isTrue();
      awaitAgreement(realm, List.of(0, 1, 2, 3));
      realm.kill(2);
      assertThatThrownBy(() -> realm.ledger(0).submit(offer(3), Duration.ofSeconds(1)))
          .as("two of four are no quorum")
          .isInstanceOf(LedgerStalledException.class);
    }
  }

  @Test
  void aFolderOfAnotherRealm_isRefused() throws Exception {
    Genesis one = TestMembers.genesis(1, 1);
    Genesis other =
        new Genesis("other", one.createdMillis(), one.members(), List.of(0), one.parameters());
    try (TestRealm realm = new TestRealm(folder, one)) {
      realm.start(0);
      realm.stop(0);
      assertThatThrownBy(
              () ->
                  LedgerReplica.start(
                      other,
                      realm.host(0),
                      TestMembers.device(0),
                      realm.folder(0),
                      PeerFinder.NONE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another realm");
    }
  }

  private static void awaitAgreement(TestRealm realm, List<Integer> peers) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              long height = realm.ledger(peers.getFirst()).view().height();
              Bytes32 root = realm.ledger(peers.getFirst()).blocks(height, 1).get(0).stateRoot();
              for (int peer : peers) {
                assertThat(realm.ledger(peer).view().height()).isEqualTo(height);
                assertThat(realm.ledger(peer).blocks(height, 1).get(0).stateRoot()).isEqualTo(root);
              }
            });
  }

  private static Duration ofSeconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
