package dev.kith.node.jobs;

import dev.kith.ledger.Ledger;
import dev.kith.ledger.LedgerStalledException;
import dev.kith.ledger.Member;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.TaskRow;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.LeaseTake;
import dev.kith.ledger.record.PartDone;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.ledger.record.TaskVoid;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one job's coordinator writes on the ledger, on a thread of its own: first responders as they
 * come, many in a record; the lease before it runs out; the seal or the end. A ledger that stalls
 * holds nothing up but this: everything is sent again until it is final.
 */
final class TaskLedger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskLedger.class);

  /** First responders wait this long for others to share their record. */
  private static final long BATCH_MILLIS = 200;

  private static final int FACTS_MAX = 8;
  private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration RETRY_DELAY = Duration.ofMillis(500);

  /** The first lease holds for 30 s, the later ones for as long as they ask for. */
  private static final Duration FIRST_RENEWAL = Duration.ofSeconds(12);

  private static final Duration RENEWAL = Duration.ofSeconds(40);
  private static final long LEASE_MILLIS = 120_000;

  private final Ledger ledger;
  private final Bytes32 task;
  private final AnswerBook book;
  private final Watcher watcher;
  private final int term;
  private final LinkedBlockingQueue<AnswerBook.Entry> pending = new LinkedBlockingQueue<>();
  private final Set<Integer> unrecorded = new HashSet<>();
  private final Thread thread;
  private long renewalNanos = System.nanoTime() + FIRST_RENEWAL.toNanos();
  private volatile boolean closed;

  /** Told how it goes. Called on any thread. */
  interface Watcher {
    /** All answers that were given to {@link #record} are final for now. */
    void recorded();

    /** The job is over on the ledger, or has lapsed there, or nothing can be recorded any more. */
    void over(JobEnd end);

    /** Another peer coordinates it. */
    void leaseLost();
  }

  /**
   * @param term of the lease that this peer holds
   */
  TaskLedger(Ledger ledger, Bytes32 task, int term, AnswerBook book, Watcher watcher) {
    this.ledger = ledger;
    this.task = task;
    this.term = term;
    this.book = book;
    this.watcher = watcher;
    this.thread = Thread.ofVirtual().name("task-ledger").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** A part was answered; it will be recorded soon. */
  void record(AnswerBook.Entry entry) {
    synchronized (unrecorded) {
      unrecorded.add(entry.part());
    }
    pending.add(entry);
  }

  /** Whether all that was given to {@link #record} is final. */
  boolean allRecorded() {
    synchronized (unrecorded) {
      return unrecorded.isEmpty();
    }
  }

  private void run() {
    try {
      while (!closed) {
        List<AnswerBook.Entry> batch = nextBatch();
        List<Fact> facts = new ArrayList<>(partDone(batch));
        renewal().ifPresent(facts::add);
        if (!facts.isEmpty()) {
          if (!submit(facts)) {
            return;
          }
          recorded(batch);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.error("job {}: answers cannot be kept", task, e);
      watcher.over(new JobEnd(Problem.DISK_FULL, "its answers cannot be kept: " + e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("job {}: a bug", task, e);
      watcher.over(new JobEnd(Problem.INTERNAL, e.toString()));
    }
  }

  private List<AnswerBook.Entry> nextBatch() throws InterruptedException {
    List<AnswerBook.Entry> batch = new ArrayList<>();
    AnswerBook.Entry first = pending.poll(1, TimeUnit.SECONDS);
    if (first != null) {
      batch.add(first);
      TimeUnit.MILLISECONDS.sleep(BATCH_MILLIS);
      pending.drainTo(batch, FACTS_MAX * PartDone.RESULTS_MAX - 1);
    }
    return batch;
  }

  private List<PartDone> partDone(List<AnswerBook.Entry> batch) throws IOException {
    if (batch.isEmpty()) {
      return List.of();
    }
    // What the ledger says was answered, this coordinator must not lose.
    book.sync();
    List<PartDone> facts = new ArrayList<>();
    for (int at = 0; at < batch.size(); at += PartDone.RESULTS_MAX) {
      List<PartDone.Result> results = new ArrayList<>();
      for (AnswerBook.Entry entry :
          batch.subList(at, Math.min(batch.size(), at + PartDone.RESULTS_MAX))) {
        results.add(
            new PartDone.Result(
                entry.part(), member(entry.worker()), entry.hash(), entry.signature()));
      }
      facts.add(new PartDone(task, term, results));
    }
    return facts;
  }

  private int member(PeerId peer) {
    return ledger
        .view()
        .member(peer)
        .map(Member::index)
        .orElseThrow(() -> new IllegalStateException(peer + " answered and is no member"));
  }

  private Optional<Fact> renewal() {
    if (System.nanoTime() < renewalNanos) {
      return Optional.empty();
    }
    renewalNanos = System.nanoTime() + RENEWAL.toNanos();
    return Optional.of(new LeaseTake(task, term, ledger.view().timeMillis() + LEASE_MILLIS));
  }

  /** As the newest final block has it. Reads a row a part: not for every moment. */
  Optional<TaskRow> row() {
    return ledger.view().task(task);
  }

  int term() {
    return term;
  }

  private void recorded(List<AnswerBook.Entry> batch) {
    boolean all;
    synchronized (unrecorded) {
      batch.forEach(entry -> unrecorded.remove(entry.part()));
      all = unrecorded.isEmpty();
    }
    if (all && !batch.isEmpty()) {
      watcher.recorded();
    }
  }

  /**
   * Submits until final.
   *
   * @return false where the job is not this coordinator's any more, or this was closed
   */
  private boolean submit(List<? extends Fact> facts) throws InterruptedException {
    while (!closed) {
      try {
        List<Outcome> outcomes = ledger.submit(List.copyOf(facts), SUBMIT_TIMEOUT);
        return outcomes.stream().allMatch(this::stillMine);
      } catch (LedgerStalledException e) {
        LOG.warn("job {}: the ledger stalls; {} facts wait", task, facts.size());
      } catch (IOException e) {
        LOG.warn("job {}: the ledger cannot be reached", task, e);
        Thread.sleep(RETRY_DELAY);
      }
    }
    return false;
  }

  private boolean stillMine(Outcome outcome) {
    if (!(outcome instanceof Outcome.Refused refused)) {
      return true;
    }
    return switch (refused.refusal()) {
      case NOTHING_NEW, REPLAYED -> true;
      case TASK_OVER, EXPIRED -> {
        // Over without an end is sealed: by another peer, as this one has not come to that.
        end().ifPresentOrElse(watcher::over, watcher::leaseLost);
        yield false;
      }
      case NOT_THE_LEASE_HOLDER, LEASE_HELD -> {
        watcher.leaseLost();
        yield false;
      }
      default -> {
        LOG.error("job {}: the ledger refused a fact: {}", task, refused.refusal());
        yield true;
      }
    };
  }

  /** Why the job has no answer, by the ledger. */
  Optional<JobEnd> end() {
    return row().flatMap(row -> JobEnd.of(row, ledger.view().timeMillis()));
  }

  /** Submits the seal until it is final or refused. */
  Optional<Refusal> seal(TaskSeal seal) throws InterruptedException {
    return submitEnd(seal);
  }

  /** Submits the end until it is final or refused. */
  Optional<Refusal> voided(JobEnd end) throws InterruptedException {
    return submitEnd(new TaskVoid(task, end.line()));
  }

  private Optional<Refusal> submitEnd(Fact fact) throws InterruptedException {
    while (true) {
      try {
        return switch (ledger.submit(fact, SUBMIT_TIMEOUT)) {
          case Outcome.Applied _ -> Optional.empty();
          case Outcome.Refused refused -> Optional.of(refused.refusal());
        };
      } catch (LedgerStalledException e) {
        LOG.warn("job {}: the ledger stalls; its end waits", task);
      } catch (IOException e) {
        LOG.warn("job {}: the ledger cannot be reached", task, e);
        Thread.sleep(RETRY_DELAY);
      }
    }
  }

  /** Stops recording. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
