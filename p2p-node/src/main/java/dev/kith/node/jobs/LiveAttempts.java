package dev.kith.node.jobs;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.jobs.JobView.Outcome;
import dev.kith.node.jobs.attempt.AttemptRequest;
import dev.kith.node.jobs.attempt.AttemptResult;
import dev.kith.node.jobs.attempt.Attempts;
import dev.kith.node.jobs.attempt.SpoolFailedException;
import dev.kith.node.jobs.race.RaceDecision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts of one job that are under way, each on a virtual thread of its own. Used by the
 * thread that leads the job; what becomes of an attempt is told to {@link Reports} on the attempt's
 * thread.
 */
final class LiveAttempts {
  private static final Logger LOG = LoggerFactory.getLogger(LiveAttempts.class);

  /** Workers say that they are alive once a second. */
  private static final long SILENCE_NANOS_MAX = 20_000_000_000L;

  private final JobSpecification specification;
  private final PartTable parts;
  private final JobFolder folder;
  private final Attempts attempts;
  private final PeerId self;
  private final Reports reports;
  private final Map<Integer, Live> live = new HashMap<>();

  /** Told what becomes of attempts, by any thread. */
  interface Reports {
    /** An attempt's thread is through; the result is empty when it was cancelled. */
    void ended(int attempt, Optional<AttemptResult> result);

    void diskFailed(String detail);
  }

  /** One that is under way. */
  static final class Live {
    final int part;
    final PeerId peer;
    final long startedMillis = System.currentTimeMillis();
    private volatile long heardNanos = System.nanoTime();
    private Optional<Outcome> stopped = Optional.empty();

    @SuppressWarnings("NullAway.Init") // set before the thread starts
    private Thread thread;

    private Live(int part, PeerId peer) {
      this.part = part;
      this.peer = peer;
    }

    /** What it was stopped as, where it was. */
    Optional<Outcome> stopped() {
      return stopped;
    }
  }

  LiveAttempts(
      JobSpecification specification,
      PartTable parts,
      JobFolder folder,
      Attempts attempts,
      PeerId self,
      Reports reports) {
    this.specification = specification;
    this.parts = parts;
    this.folder = folder;
    this.attempts = attempts;
    this.self = self;
    this.reports = reports;
  }

  boolean isEmpty() {
    return live.isEmpty();
  }

  Live start(RaceDecision.Start start) {
    Live attempt = new Live(start.part(), start.peer());
    live.put(start.attempt(), attempt);
    AttemptRequest request = request(start);
    attempt.thread =
        Thread.ofVirtual()
            .name("attempt-" + start.attempt())
            .unstarted(() -> run(start.attempt(), attempt, request));
    attempt.thread.start();
    return attempt;
  }

  private AttemptRequest request(RaceDecision.Start start) {
    List<String> arguments = new ArrayList<>();
    arguments.add(specification.programName());
    arguments.addAll(specification.arguments());
    arguments.addAll(parts.extraArguments(start.part()));
    return new AttemptRequest(
        specification.job(),
        start.part(),
        specification.parts(),
        start.rank(),
        specification.program(),
        specification.programBytes(),
        Math.max(1, specification.deadlineMillis() - System.currentTimeMillis()),
        arguments);
  }

  /** On the attempt's own thread. */
  private void run(int number, Live attempt, AttemptRequest request) {
    Optional<AttemptResult> result = Optional.empty();
    try {
      result =
          Optional.of(
              attempts.run(
                  attempt.peer,
                  request,
                  folder.input(parts, attempt.part),
                  () -> attempt.heardNanos = System.nanoTime()));
    } catch (InterruptedException e) {
      LOG.trace("attempt {} was cancelled", number);
    } catch (SpoolFailedException e) {
      reports.diskFailed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("job {}, attempt {}: a bug", specification.job(), number, e);
      result = Optional.of(new AttemptResult.Lost(e.toString()));
    }
    reports.ended(number, result);
  }

  /** Takes out one that has reported. */
  Live remove(int number) {
    Live attempt = live.remove(number);
    if (attempt == null) {
      throw new IllegalStateException("attempt " + number + " reported twice");
    }
    return attempt;
  }

  /** Stops one, to be logged as {@code outcome}; it reports when it is through. */
  void stop(int number, Outcome outcome) {
    Live attempt = live.get(number);
    if (attempt != null && attempt.stopped.isEmpty()) {
      attempt.stopped = Optional.of(outcome);
      attempt.thread.interrupt();
    }
  }

  void stopAll(Outcome outcome) {
    List.copyOf(live.keySet()).forEach(number -> stop(number, outcome));
  }

  /** Interrupts all, whatever they then report. */
  void abandonAll() {
    live.values().forEach(attempt -> attempt.thread.interrupt());
  }

  /** Ends those whose workers have not been heard of for long. */
  void endSilent() {
    long now = System.nanoTime();
    for (Live attempt : live.values()) {
      if (now - attempt.heardNanos > SILENCE_NANOS_MAX && !attempt.peer.equals(self)) {
        attempt.thread.interrupt();
      }
    }
  }
}
