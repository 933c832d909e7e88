package dev.kith.node.jobs;

import dev.kith.ledger.TaskRow;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.jobs.JobView.Attempt;
import dev.kith.node.jobs.JobView.Outcome;
import dev.kith.node.jobs.JobView.Part;
import dev.kith.node.jobs.JobView.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/**
 * What others may see of a run: written by its leading thread, read and waited for by those who
 * await or show the job. Thread-safe.
 */
final class RunState {
  private final JobSpecification specification;
  private final PeerId coordinator;
  private final AnswerBook book;
  private final Map<Integer, Running> running = new LinkedHashMap<>();
  private int partsDone;
  private int prefix;
  private State state = State.RUNNING;
  private Optional<JobEnd> end = Optional.empty();
  private Optional<Long> endedMillis = Optional.empty();
  private Optional<Bytes32> outputHash = Optional.empty();
  private boolean sealing;
  private boolean abandoned;
  private long changes;

  /** An attempt under way. */
  record Running(int part, PeerId peer, long startedMillis) {}

  RunState(JobSpecification specification, PeerId coordinator, AnswerBook book) {
    this.specification = specification;
    this.coordinator = coordinator;
    this.book = book;
    this.partsDone = book.done().cardinality();
  }

  synchronized void started(int attempt, Running what) {
    running.put(attempt, what);
  }

  synchronized void ended(int attempt) {
    running.remove(attempt);
    changed();
  }

  synchronized void partDone() {
    partsDone++;
    changed();
  }

  synchronized void prefix(int parts) {
    prefix = parts;
    changed();
  }

  synchronized void sealing(Bytes32 hash) {
    sealing = true;
    outputHash = Optional.of(hash);
    changed();
  }

  synchronized void done() {
    over(State.DONE);
  }

  /** Unless it has another end already. */
  synchronized void failed(JobEnd why) {
    if (state == State.RUNNING) {
      end = Optional.of(why);
      over(why.state());
    }
  }

  private void over(State last) {
    state = last;
    sealing = false;
    endedMillis = Optional.of(System.currentTimeMillis());
    changed();
  }

  /** Another peer leads the job now, or this one stops. */
  synchronized void abandon() {
    abandoned = true;
    changed();
  }

  private void changed() {
    changes++;
    notifyAll();
  }

  /** A look at the state, for one who waits. */
  record Glance(int prefix, boolean over, boolean abandoned, boolean sealing, long changes) {}

  synchronized Glance glance() {
    return new Glance(prefix, state != State.RUNNING, abandoned, sealing, changes);
  }

  /** Blocks until something changed after {@code seen}, for at most so long. */
  synchronized Glance awaitChange(long seen, long millis) throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (changes == seen) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return glance();
  }

  /** Blocks until the job is over, for at most so long. */
  synchronized void awaitOver(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (state == State.RUNNING && !abandoned) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }

  /** Without parts. */
  synchronized JobView summary() {
    return view(List.of());
  }

  /** With all attempts; first responders by the ledger, where it has them. */
  JobView full(Optional<TaskRow> row, java.util.function.IntFunction<Optional<PeerId>> member) {
    Map<Integer, PeerId> first = new LinkedHashMap<>();
    book.entries().forEach(entry -> first.put(entry.part(), entry.worker()));
    row.ifPresent(
        r ->
            r.firstResponders()
                .forEach(f -> member.apply(f.worker()).ifPresent(p -> first.put(f.part(), p))));
    List<List<Attempt>> attempts = new ArrayList<>(specification.parts());
    for (int i = 0; i < specification.parts(); i++) {
      attempts.add(new ArrayList<>(4));
    }
    book.attempts().forEach(logged -> attempts.get(logged.part()).add(logged.attempt()));
    synchronized (this) {
      running.values().forEach(r -> attempts.get(r.part()).add(attempt(r)));
      List<Part> parts = new ArrayList<>(specification.parts());
      for (int i = 0; i < specification.parts(); i++) {
        parts.add(new Part(i, attempts.get(i), Optional.ofNullable(first.get(i))));
      }
      return view(parts);
    }
  }

  private static Attempt attempt(Running r) {
    return new Attempt(r.peer(), r.startedMillis(), Optional.empty(), Outcome.RUNNING, "");
  }

  private JobView view(List<Part> parts) {
    return new JobView(
        specification.job(),
        specification.programName(),
        state,
        end.map(JobEnd::problem),
        end.map(JobEnd::reason),
        specification.openedMillis(),
        endedMillis,
        Optional.of(coordinator),
        specification.parts(),
        partsDone,
        book.bytes(),
        outputHash,
        parts);
  }
}
