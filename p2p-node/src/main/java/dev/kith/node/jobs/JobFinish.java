package dev.kith.node.jobs;

import dev.kith.ledger.Refusal;
import dev.kith.ledger.TaskRow;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a job: its output and log go into the store, then the seal on the ledger. */
final class JobFinish {
  private static final Logger LOG = LoggerFactory.getLogger(JobFinish.class);
  private static final int SEAL_TRIES = 3;

  private final JobStore store;
  private final SealedNote notes;
  private final IntFunction<Optional<PeerId>> member;

  /**
   * @param member a member's peer by its index
   */
  JobFinish(JobStore store, SealedNote notes, IntFunction<Optional<PeerId>> member) {
    this.store = store;
    this.notes = notes;
    this.member = member;
  }

  /** What is to be finished. */
  record Job(
      JobSpecification specification,
      RunState state,
      TaskLedger ledger,
      JobFolder folder,
      AnswerBook book) {
    Bytes32 id() {
      return specification.job();
    }
  }

  /** All parts are answered: tells so, and returns the hash of their answers in order. */
  Bytes32 join(Job job) throws IOException {
    Bytes32 outputHash = outputHash(job);
    job.state.sealing(outputHash);
    return outputHash;
  }

  /**
   * All parts are recorded. Blocks until the seal is final, or the job has another end.
   *
   * @param asked an end that was asked for; looked at until the seal is on its way
   */
  void seal(Job job, Bytes32 outputHash, Supplier<Optional<JobEnd>> asked)
      throws IOException, InterruptedException {
    Bytes log = JobViewCodec.encode(done(job.state.full(job.ledger.row(), member)));
    boolean stored = store(job, log);
    Optional<JobEnd> instead = asked.get();
    if (instead.isPresent()) {
      end(job, instead.get());
      return;
    }
    Bytes note = notes.seal(job.id(), new SealedNote.Sealed(stored, Hash.sha256(log)));
    for (int tries = 0; tries < SEAL_TRIES; tries++) {
      TaskRow row = row(job);
      Optional<JobEnd> mismatch = compare(job, row);
      if (mismatch.isPresent()) {
        end(job, mismatch.get());
        return;
      }
      Optional<Refusal> refusal =
          job.ledger.seal(
              new TaskSeal(
                  job.id(), job.ledger.term(), orderRoot(row), outputHash, job.book.bytes(), note));
      if (refusal.isEmpty()) {
        job.state.done();
        job.folder.end(job.state.full(job.ledger.row(), member));
        return;
      }
      LOG.warn("job {}: its seal was refused: {}", name(job), refusal.get());
      switch (refusal.get()) {
        case TASK_OVER, EXPIRED -> {
          overElsewhere(job);
          return;
        }
        case NOT_THE_LEASE_HOLDER, LEASE_HELD -> {
          job.state.abandon();
          return;
        }
        default -> {}
      }
    }
    end(job, new JobEnd(Problem.INTERNAL, "the ledger refused the seal"));
  }

  /** Ends the job without an answer: who waits is told at once, the ledger as soon as it can be. */
  void end(Job job, JobEnd why) throws IOException, InterruptedException {
    job.state.failed(why);
    if (job.ledger.row().flatMap(TaskRow::voided).isEmpty()) {
      Optional<Refusal> refusal = job.ledger.voided(why);
      refusal.ifPresent(r -> LOG.warn("job {}: its end was refused: {}", name(job), r));
    }
    JobView last = job.state.full(job.ledger.row(), member);
    try {
      store.putLog(job.id(), JobViewCodec.encode(last));
    } catch (IOException e) {
      LOG.warn("job {}: its log could not be stored in the mesh", name(job), e);
    }
    job.folder.end(last);
  }

  private void overElsewhere(Job job) throws IOException, InterruptedException {
    Optional<JobEnd> end = job.ledger.end();
    if (end.isPresent()) {
      end(job, end.get());
    } else {
      job.state.abandon();
    }
  }

  private static Bytes32 outputHash(Job job) throws IOException {
    MessageDigest digest = Hash.digest();
    try (InputStream output = job.book.joined(job.specification.parts())) {
      output.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    }
    return Bytes32.wrap(digest.digest());
  }

  /** A mesh that cannot store must not keep the answer from who waits for it. */
  private boolean store(Job job, Bytes log) throws InterruptedException {
    try (InputStream output = job.book.joined(job.specification.parts())) {
      store.putOutput(job.id(), output, log);
      return true;
    } catch (IOException e) {
      LOG.warn("job {}: its output stays on this peer, the mesh did not take it", name(job), e);
      return false;
    }
  }

  /** The answers must be those that the ledger says were first. */
  private static Optional<JobEnd> compare(Job job, TaskRow row) {
    for (TaskRow.FirstResponder first : row.firstResponders()) {
      boolean same =
          job.book.entry(first.part()).filter(e -> e.hash().equals(first.resultHash())).isPresent();
      if (!same) {
        return Optional.of(
            new JobEnd(
                Problem.DATA_CORRUPT,
                "part " + first.part() + " has another answer than its first responder's"));
      }
    }
    return Optional.empty();
  }

  private static Bytes32 orderRoot(TaskRow row) {
    List<Bytes32> hashes =
        row.firstResponders().stream().map(TaskRow.FirstResponder::resultHash).toList();
    return TaskSeal.orderRoot(hashes);
  }

  private static TaskRow row(Job job) {
    return job.ledger
        .row()
        .orElseThrow(() -> new IllegalStateException("job " + name(job) + " has no row"));
  }

  private static JobView done(JobView view) {
    return new JobView(
        view.job(),
        view.program(),
        JobView.State.DONE,
        Optional.empty(),
        Optional.empty(),
        view.openedMillis(),
        Optional.of(System.currentTimeMillis()),
        view.coordinator(),
        view.partsTotal(),
        view.partsDone(),
        view.outputBytes(),
        view.outputHash(),
        view.parts());
  }

  private static String name(Job job) {
    return job.id().toUnprefixedHexString();
  }
}
