package dev.kith.node.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.record.PartDone;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.Problem;
import dev.kith.node.testing.MemoryLedger;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskLedgerTest {
  private static final PeerId PEER = Keys.fromSeed(KeyType.SECP256K1, 1).publicKey().peerId();

  @TempDir private Path folder;
  private final MemoryLedger ledger = new MemoryLedger();
  private final BlockingQueue<JobEnd> ends = new LinkedBlockingQueue<>();

  @Test
  void answersThatTheDiskDoesNotKeep_endTheJob() throws Exception {
    ledger.join(PEER, JobMesh.OWNER);
    AnswerBook book = new AnswerBook(folder);
    // What fsync says of a file that is closed is what it says of a disk that fails.
    book.close();
    try (TaskLedger task = taskLedger(book)) {
      task.record(entry(PEER));
      JobEnd end = ends.poll(20, TimeUnit.SECONDS);
      assertThat(end).isNotNull().extracting(JobEnd::problem).isEqualTo(Problem.DISK_FULL);
      assertThat(task.allRecorded()).isFalse();
      assertThat(ledger.facts(PartDone.class)).isEmpty();
    }
  }

  @Test
  void bug_endsTheJobInsteadOfLettingItWait() throws Exception {
    try (AnswerBook book = new AnswerBook(folder);
        TaskLedger task = taskLedger(book)) {
      task.record(entry(PEER)); // No member.
      JobEnd end = ends.poll(20, TimeUnit.SECONDS);
      assertThat(end).isNotNull().extracting(JobEnd::problem).isEqualTo(Problem.INTERNAL);
    }
  }

  private TaskLedger taskLedger(AnswerBook book) {
    TaskLedger.Watcher watcher =
        new TaskLedger.Watcher() {
          @Override
          public void recorded() {}

          @Override
          public void over(JobEnd end) {
            ends.add(end);
          }

          @Override
          public void leaseLost() {}
        };
    TaskLedger task = new TaskLedger(ledger.replica(PEER), Bytes32.ZERO, 1, book, watcher);
    task.start();
    return task;
  }

  private static AnswerBook.Entry entry(PeerId worker) {
    return new AnswerBook.Entry(
        0, worker, 0, 0, Hash.sha256(Bytes.EMPTY), Bytes.wrap(new byte[64]));
  }
}
