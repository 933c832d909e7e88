package dev.kith.node.jobs;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.Problem;
import dev.kith.node.compute.PartOutcome.Reason;
import dev.kith.node.jobs.JobView.Attempt;
import dev.kith.node.jobs.JobView.Outcome;
import dev.kith.node.jobs.attempt.AttemptResult;
import dev.kith.node.jobs.attempt.AttemptResult.Answered;
import dev.kith.node.jobs.attempt.Attempts;
import dev.kith.node.jobs.race.RaceDecision;
import dev.kith.node.jobs.race.RaceDecision.Why;
import dev.kith.node.jobs.race.RaceEvent;
import dev.kith.node.jobs.race.RaceMachine;
import dev.kith.node.jobs.race.RaceSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads one job: the driver of its {@link RaceMachine}. One virtual thread owns the machine and all
 * fields but {@link #state}; {@link LiveAttempts} and the ledger report to its inbox.
 */
final class JobRun implements TaskLedger.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
  private static final long TICK_MILLIS = 100;
  private static final long PEERS_MILLIS = 2_000;

  private static final long STOP_MILLIS_MAX = 3_000;

  private final JobSpecification specification;
  private final JobFolder folder;
  private final AnswerBook book;
  private final Supplier<List<RaceEvent.Candidate>> candidates;
  private final TaskLedger ledger;
  private final JobFinish finish;
  private final Runnable onEnd;
  private final RunState state;
  private final RaceMachine race;
  private final LinkedBlockingQueue<Input> inbox = new LinkedBlockingQueue<>();
  private final LiveAttempts live;
  private final Thread thread = Thread.ofVirtual().name("job").unstarted(this::lead);
  private long peersAt = Long.MIN_VALUE;
  private boolean complete;
  private Optional<JobEnd> end = Optional.empty();
  private boolean abandoned;

  /** What the leading thread is told. */
  private sealed interface Input {
    /** An attempt's thread is through; empty when it was cancelled. */
    record Reported(int attempt, Optional<AttemptResult> result) implements Input {}

    record DiskFailed(String detail) implements Input {}

    /** All answers so far are final on the ledger. */
    record Recorded() implements Input {}

    record End(JobEnd why) implements Input {}

    record Abandon() implements Input {}
  }

  /** Where attempts report to. */
  private final class Inbox implements LiveAttempts.Reports {
    @Override
    public void ended(int attempt, Optional<AttemptResult> result) {
      inbox.add(new Input.Reported(attempt, result));
    }

    @Override
    public void diskFailed(String detail) {
      inbox.add(new Input.DiskFailed(detail));
    }
  }

  /** What a run is made of. */
  record Equipment(
      Attempts attempts, Supplier<List<RaceEvent.Candidate>> candidates, PeerId self) {}

  JobRun(
      JobSpecification specification,
      PartTable parts,
      JobFolder folder,
      AnswerBook book,
      Equipment equipment,
      LedgerOf ledgers,
      JobFinish finish,
      Runnable onEnd) {
    this.specification = specification;
    this.folder = folder;
    this.book = book;
    this.candidates = equipment.candidates();
    this.live =
        new LiveAttempts(
            specification, parts, folder, equipment.attempts(), equipment.self(), new Inbox());
    this.ledger = ledgers.of(this);
    this.finish = finish;
    this.onEnd = onEnd;
    this.state = new RunState(specification, equipment.self(), book);
    this.race =
        new RaceMachine(
            specification.parts(),
            book.done(),
            new RaceSettings(
                specification.racers(),
                JobLimits.PARTS_RACING_MAX,
                JobLimits.FAILED_PEERS_MAX,
                JobLimits.RESEND.toMillis(),
                JobLimits.ATTEMPT.toMillis()),
            RandomGenerator.getDefault());
  }

  /** Makes the job's ledger with this run as its watcher. */
  @FunctionalInterface
  interface LedgerOf {
    TaskLedger of(TaskLedger.Watcher watcher);
  }

  void start() {
    ledger.start();
    thread.start();
  }

  RunState state() {
    return state;
  }

  JobSpecification specification() {
    return specification;
  }

  AnswerBook book() {
    return book;
  }

  /** Ends the job without an answer. */
  void end(JobEnd why) {
    inbox.add(new Input.End(why));
  }

  @Override
  public void recorded() {
    inbox.add(new Input.Recorded());
  }

  @Override
  public void over(JobEnd why) {
    end(why);
  }

  @Override
  public void leaseLost() {
    inbox.add(new Input.Abandon());
  }

  /** Stops leading, as the daemon ends; the job stays as it is. Blocks for a moment. */
  void close() throws InterruptedException {
    thread.interrupt();
    thread.join(Duration.ofMillis(STOP_MILLIS_MAX));
  }

  private void lead() {
    try {
      race();
      stopAll();
      Optional<Bytes32> outputHash = goesOn() ? Optional.of(finish.join(job())) : Optional.empty();
      awaitRecorded();
      if (abandoned) {
        LOG.info("job {}: another peer coordinates it now", name());
        state.abandon();
      } else if (end.isPresent()) {
        finish.end(job(), end.get());
      } else {
        finish.seal(job(), outputHash.orElseThrow(), this::asked);
      }
    } catch (InterruptedException e) {
      live.abandonAll();
      state.abandon();
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        state.abandon();
        return;
      }
      LOG.error("job {} cannot go on", name(), e);
      state.failed(new JobEnd(Problem.INTERNAL, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      LOG.error("job {}: a bug", name(), e);
      state.failed(new JobEnd(Problem.INTERNAL, e.toString()));
    } finally {
      ledger.close();
      closeBook();
      onEnd.run();
    }
  }

  private void closeBook() {
    try {
      book.close();
    } catch (IOException e) {
      LOG.warn("job {}: its answers were not closed", name(), e);
    }
  }

  private JobFinish.Job job() {
    return new JobFinish.Job(specification, state, ledger, folder, book);
  }

  private void race() throws InterruptedException {
    ledger.end().ifPresent(this::end);
    recordUnrecorded();
    while (!complete && goesOn()) {
      Input input = inbox.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
      refreshPeers();
      if (input == null) {
        live.endSilent();
        step(new RaceEvent.Tick());
      } else {
        take(input);
      }
      checkDeadline();
    }
  }

  /** Whether nothing has ended the job yet. */
  private boolean goesOn() {
    return end.isEmpty() && !abandoned;
  }

  private void checkDeadline() {
    if (System.currentTimeMillis() > specification.deadlineMillis()) {
      long seconds = (specification.deadlineMillis() - specification.openedMillis()) / 1000;
      endWith(new JobEnd(Problem.TIMED_OUT, "not done after " + seconds + " s"));
    }
  }

  /** The first end that comes is the one. */
  private void endWith(JobEnd why) {
    if (end.isEmpty()) {
      end = Optional.of(why);
    }
  }

  /** The ledger may stall for long: whoever ends the job meanwhile is heard. */
  private void awaitRecorded() throws InterruptedException {
    while (goesOn() && !ledger.allRecorded()) {
      Input input = inbox.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
      if (input != null) {
        take(input);
      }
      checkDeadline();
    }
  }

  /** What else was asked for while the answer was being stored. */
  private Optional<JobEnd> asked() {
    for (Input input = inbox.poll(); input != null; input = inbox.poll()) {
      take(input);
    }
    return end;
  }

  /** Answers of an earlier run that did not get to the ledger before it was killed. */
  private void recordUnrecorded() {
    BitSet recorded = new BitSet();
    ledger.row().ifPresent(row -> row.firstResponders().forEach(f -> recorded.set(f.part())));
    book.entries().stream().filter(e -> !recorded.get(e.part())).forEach(ledger::record);
  }

  private void refreshPeers() {
    long now = millis();
    if (now >= peersAt) {
      peersAt = now + PEERS_MILLIS;
      step(new RaceEvent.Peers(candidates.get()));
    }
  }

  private void take(Input input) {
    switch (input) {
      case Input.Reported reported -> reported(reported.attempt(), reported.result());
      case Input.End e -> endWith(e.why());
      case Input.DiskFailed e -> endWith(new JobEnd(Problem.DISK_FULL, e.detail()));
      case Input.Recorded _ -> {} // Whoever waits for it looks for himself.
      case Input.Abandon _ -> abandoned = true;
    }
  }

  private void reported(int number, Optional<AttemptResult> result) {
    LiveAttempts.Live attempt = live.remove(number);
    state.ended(number);
    if (attempt.stopped().isPresent()) {
      Outcome outcome = attempt.stopped().get();
      if (result.orElse(null) instanceof Answered late) {
        outcome = Outcome.LATE;
        close(late);
      }
      log(attempt, outcome, "");
      return;
    }
    switch (result.orElseGet(() -> new AttemptResult.Lost("nothing was heard of it"))) {
      case Answered answered -> answered(number, attempt, answered);
      case AttemptResult.Busy _ -> step(new RaceEvent.Busy(number));
      case AttemptResult.Failed(Reason reason, String detail) when reason == Reason.WORKER_LOST -> {
        log(attempt, Outcome.LOST, detail);
        step(new RaceEvent.WorkerLost(number, detail));
      }
      case AttemptResult.Failed failed -> {
        log(attempt, Outcome.FAILED, failed.detail());
        step(new RaceEvent.Failed(number, failed.detail()));
      }
      case AttemptResult.Lost lost -> {
        log(attempt, Outcome.LOST, lost.detail());
        step(new RaceEvent.Lost(number));
      }
    }
  }

  private void answered(int number, LiveAttempts.Live attempt, Answered answer) {
    try (var spool = answer.spool()) {
      // Before the machine learns of it, so that its decisions find the answer in the book.
      AnswerBook.Entry entry = book.add(attempt.part, attempt.peer, answer);
      log(attempt, Outcome.FIRST, "");
      ledger.record(entry);
      state.partDone();
      LOG.trace("part {}: {} bytes", attempt.part, spool.bytes());
    } catch (IOException e) {
      diskFailed(e);
      return;
    }
    step(new RaceEvent.Answered(number));
  }

  private void step(RaceEvent event) {
    for (RaceDecision decision : race.step(event, millis())) {
      switch (decision) {
        case RaceDecision.Start start -> start(start);
        case RaceDecision.Stop stop ->
            live.stop(stop.attempt(), stop.why() == Why.LATE ? Outcome.CANCELLED : Outcome.LOST);
        case RaceDecision.Done _ -> {}
        case RaceDecision.Prefix prefix -> state.prefix(prefix.parts());
        case RaceDecision.Complete _ -> complete = true;
        case RaceDecision.Hopeless hopeless ->
            endWith(
                new JobEnd(
                    Problem.PART_FAILED,
                    "part %d failed on %d %s: %s"
                        .formatted(
                            hopeless.part(),
                            hopeless.peers(),
                            hopeless.peers() == 1 ? "peer" : "peers",
                            hopeless.detail())));
      }
    }
  }

  private void start(RaceDecision.Start start) {
    LiveAttempts.Live attempt = live.start(start);
    state.started(
        start.attempt(), new RunState.Running(start.part(), start.peer(), attempt.startedMillis));
  }

  /** Stops what still runs and waits for it, so that the log is whole. */
  private void stopAll() throws InterruptedException {
    live.stopAll(Outcome.CANCELLED);
    long deadline = millis() + STOP_MILLIS_MAX;
    while (!live.isEmpty() && millis() < deadline) {
      Input input = inbox.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
      if (input != null) {
        take(input);
      }
    }
  }

  private void log(LiveAttempts.Live attempt, Outcome outcome, String detail) {
    try {
      book.log(
          attempt.part,
          new Attempt(
              attempt.peer,
              attempt.startedMillis,
              Optional.of(System.currentTimeMillis()),
              outcome,
              JobViewCodec.cut(detail, JobViewCodec.DETAIL_BYTES_MAX)));
    } catch (IOException e) {
      diskFailed(e);
    }
  }

  private void diskFailed(IOException e) {
    LOG.error("job {}: its folder cannot be written", name(), e);
    endWith(new JobEnd(Problem.DISK_FULL, "its folder cannot be written: " + e.getMessage()));
  }

  private static void close(Answered answer) {
    try {
      answer.spool().close();
    } catch (IOException e) {
      LOG.warn("an answer's temporary file was not removed", e);
    }
  }

  private String name() {
    return specification.job().toUnprefixedHexString();
  }

  private static long millis() {
    return System.nanoTime() / 1_000_000;
  }
}
