package dev.kith.ledger.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.ledger.TestMembers;
import dev.kith.ledger.archive.Location;
import dev.kith.ledger.disk.Disk;
import dev.kith.ledger.disk.WatchedDisk;
import dev.kith.ledger.state.StateStore;
import dev.kith.libp2p.datastore.LevelDbDatastore;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClosingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  /** The disk is slow, and meanwhile the replica is closed: an interrupt would close the file. */
  @ParameterizedTest
  @CsvSource({"wal, write", "wal, force", "blocks, write", "blocks, force"})
  void close_letsWritesUnderWayEnd_andWritesTheRest(String where, String slow) throws Exception {
    AtomicBoolean holds = new AtomicBoolean();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch let = new CountDownLatch(1);
    AtomicInteger interrupts = new AtomicInteger();
    Disk disk =
        new WatchedDisk(
            (operation, file) -> {
              if (operation.equals(slow)
                  && file.getFileName().toString().startsWith(where.equals("wal") ? "wal-" : where)
                  && holds.compareAndSet(true, false)) {
                held.countDown();
                try {
                  let.await();
                } catch (InterruptedException e) {
                  interrupts.incrementAndGet();
                  Thread.currentThread().interrupt();
                  throw new ClosedByInterruptException();
                }
              }
            });
    try (TestRealm realm = new TestRealm(folder, TestMembers.genesis(1, 1))) {
      Opened opened = open(realm, disk);
      opened.start();
      opened.submitter().submit(List.of(TestRealm.offer(1)), PATIENCE);
      holds.set(true);
      Thread submitter = Thread.ofVirtual().start(() -> submitQuietly(opened));
      assertThat(held.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      AtomicInteger failures = new AtomicInteger();
      Thread closer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      opened.close();
                    } catch (IOException e) {
                      failures.incrementAndGet();
                    }
                  });
      await().atMost(PATIENCE).until(() -> closer.getState() != Thread.State.RUNNABLE);
      let.countDown();
      closer.join();
      submitter.join();
      assertThat(failures).hasValue(0);
      assertThat(interrupts).hasValue(0);
      long height = opened.replicated().head().height();
      assertThat(flushedHeight(realm)).as("what was final is in the state").isEqualTo(height);
    }
  }

  /** Batches on the chain would keep the clocks running, here and wherever they are pushed to. */
  @Test
  void afterARestart_noFinalBatchWaits() throws Exception {
    try (TestRealm realm = new TestRealm(folder, TestMembers.genesis(1, 1))) {
      realm.start(0).submit(TestRealm.offer(1), PATIENCE);
      realm.stop(0);
      try (Opened again = open(realm, Disk.REAL)) {
        assertThat(again.replicated().pool().records()).isZero();
      }
    }
  }

  private static void submitQuietly(Opened opened) {
    try {
      opened.submitter().submit(List.of(TestRealm.offer(2)), PATIENCE);
    } catch (IOException e) {
      // closed meanwhile
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long flushedHeight(TestRealm realm) throws IOException {
    try (LevelDbDatastore datastore = LevelDbDatastore.open(realm.folder(0).resolve("state"))) {
      StateStore store = StateStore.open(datastore, realm.genesis);
      long height = store.applied().point().height();
      assertThat(Location.decode(store.blockLocation(height).orElseThrow()).bytes()).isPositive();
      return height;
    }
  }

  private static Opened open(TestRealm realm, Disk disk) throws IOException {
    return Opened.open(
        realm.genesis,
        realm.host(0),
        TestMembers.device(0),
        realm.folder(0),
        PeerFinder.NONE,
        disk);
  }
}
