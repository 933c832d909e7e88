package dev.kith.ledger.replica;

import dev.kith.ledger.record.Evidence;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records the proofs of lies, one a validator and epoch, on a virtual thread. Thread-safe. */
final class Informer implements Consumer<Evidence>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Informer.class);

  private static final int QUEUE_MAX = 32;
  private static final int KNOWN_MAX = 1_024;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final BlockingQueue<Evidence> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Thread thread = Thread.ofVirtual().name("ledger-informer").unstarted(this::run);
  private @Nullable Submitter submitter;

  void submitter(Submitter theSubmitter) {
    submitter = theSubmitter;
  }

  void start() {
    thread.start();
  }

  @Override
  public void accept(Evidence evidence) {
    if (!queue.offer(evidence)) {
      LOG.debug("more lies than can be recorded at once");
    }
  }

  private void run() {
    Set<Offence> known = new HashSet<>();
    try {
      while (true) {
        Evidence evidence = queue.take();
        if (known.size() < KNOWN_MAX && known.add(Offence.of(evidence))) {
          record(evidence);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void record(Evidence evidence) throws InterruptedException {
    Submitter to = submitter;
    if (to == null) {
      return;
    }
    try {
      LOG.info(
          "evidence against validator {}: {}",
          evidence.signer(),
          to.submit(List.of(evidence), TIMEOUT));
    } catch (IOException e) {
      LOG.warn("evidence could not be recorded: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private record Offence(long epoch, int signer) {
    static Offence of(Evidence evidence) {
      return new Offence(evidence.epoch(), evidence.signer());
    }
  }
}
