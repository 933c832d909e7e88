package dev.kith.node.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.Ledger;
import dev.kith.ledger.record.OfferPut;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.jobs.JobService.Split;
import dev.kith.node.testing.MemoryLedger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class JobResumeTest {
  private static final PeerId PEER = Keys.fromSeed(KeyType.SECP256K1, 1).publicKey().peerId();

  @TempDir private Path home;
  private final MemoryLedger ledger = new MemoryLedger();

  @Test
  void jobThatTheLedgerDoesNotKnow_isGivenUpOnceItCannotBecomeFinalAnyMore() throws Exception {
    Bytes32 job = Bytes32.repeat((byte) 3);
    JobFolder folder = JobFolder.create(home, job);
    folder.writeHeight(50);
    folder.write(
        new JobSpecification(
            job,
            "p",
            Bytes32.ZERO,
            1,
            List.of(),
            new Split.Files(),
            1,
            1,
            List.of(),
            1,
            Long.MAX_VALUE / 2));
    // The replica is behind by as much as it can be.
    ledger.join(PEER, JobMesh.OWNER);
    Ledger replica = ledger.replica(PEER);
    ledger.skipTo(50 + JobResume.OPENING_BLOCKS_MAX - 1);
    CountDownLatch looked = new CountDownLatch(3);
    FutureTask<JobResume.Standing> standing =
        new FutureTask<>(
            () ->
                new JobResume(replica)
                    .of(
                        folder,
                        () -> {
                          looked.countDown();
                          return false;
                        }));
    Thread.ofVirtual().start(standing);
    looked.await();
    assertThat(standing.isDone()).isFalse();
    ledger.skipTo(50 + JobResume.OPENING_BLOCKS_MAX);
    replica.submit(new OfferPut(1, 1, 0, List.of(), 60), Duration.ofSeconds(1));
    assertThat(standing.get(20, TimeUnit.SECONDS)).isInstanceOf(JobResume.Standing.Unknown.class);
  }

  /** The ledger opens no job after its deadline, so nobody waits for that. */
  @Test
  @Timeout(60)
  void jobThatTheLedgerDoesNotKnow_isGivenUpOnceItsDeadlineIsLongPast() throws Exception {
    Bytes32 job = Bytes32.repeat((byte) 4);
    JobFolder folder = JobFolder.create(home, job);
    folder.write(
        new JobSpecification(
            job, "p", Bytes32.ZERO, 1, List.of(), new Split.Files(), 1, 1, List.of(), 1, 2));
    ledger.join(PEER, JobMesh.OWNER);
    assertThat(new JobResume(ledger.replica(PEER)).of(folder, () -> false))
        .isInstanceOf(JobResume.Standing.Unknown.class);
  }
}
