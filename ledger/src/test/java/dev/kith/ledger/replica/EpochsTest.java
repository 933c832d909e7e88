package dev.kith.ledger.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.ledger.Ledger;
import dev.kith.ledger.TestMembers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committee changes while devices come and go. */
final class EpochsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void threeDevicesThatAreReady_becomeACommittee_thatOutlivesItsFounder() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 3, 1)) {
      for (int i = 0; i < 3; i++) {
        realm.replica(i).stand();
      }
      awaitCommittee(realm, 3, 0, 1, 2);
      assertThat(realm.ledger(1).submit(TestRealm.offer(1), PATIENCE).applied()).isTrue();
      realm.kill(0);
      for (int i = 1; i < 3; i++) {
        assertThat(realm.ledger(i).submit(TestRealm.offer(2), PATIENCE).applied()).isTrue();
      }
    }
  }

  @Test
  void aFollowerThatWasAwayForSeveralEpochs_catchesUp_andIsSeatedAgain() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 5, 1)) {
      for (int i = 1; i < 3; i++) {
        realm.replica(i).stand();
      }
      awaitCommittee(realm, 3, 0, 1, 2);
      realm.stop(4);
      realm.replica(3).stand();
      awaitCommittee(realm, 4, 0, 1, 2, 3);
      assertThat(realm.replica(3).leave(PATIENCE)).isTrue();
      awaitCommittee(realm, 3, 0, 1, 2);
      realm.start(4);
      long height = realm.ledger(0).view().height();
      await().atMost(PATIENCE).until(() -> realm.ledger(4).view().height() >= height);
      assertThat(realm.ledger(4).status().epoch()).isEqualTo(realm.ledger(0).status().epoch());
      realm.replica(4).stand();
      awaitCommittee(realm, 4, 0, 1, 2, 4);
    }
  }

  /**
   * Amnesia: nobody knows what it said in this epoch, so it says nothing before another seats it.
   */
  @Test
  void aValidatorOfALaterEpoch_votesAfterARestart_butNotWithoutItsLog() throws Exception {
    try (TestRealm realm = TestRealm.started(folder, 3, 1)) {
      realm.replica(1).stand();
      realm.replica(2).stand();
      awaitCommittee(realm, 3, 0, 1, 2);
      realm.kill(1);
      assertThat(realm.start(1).status().validator()).isTrue();
      realm.kill(2);
      try (var files = Files.list(realm.folder(2).resolve("wal"))) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      assertThat(realm.start(2).status().validator()).isFalse();
      assertThat(realm.ledger(2).status().committee()).contains(TestMembers.peer(2));
      for (int i = 0; i < 3; i++) {
        assertThat(realm.ledger(i).submit(TestRealm.offer(3), PATIENCE).applied()).isTrue();
      }
    }
  }

  private static void awaitCommittee(TestRealm realm, int size, int... replicas) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              for (int i : replicas) {
                Ledger ledger = realm.ledger(i);
                assertThat(ledger.status().committee()).hasSize(size);
                assertThat(ledger.status().validator())
                    .isEqualTo(ledger.status().committee().contains(TestMembers.peer(i)));
              }
            });
  }
}
