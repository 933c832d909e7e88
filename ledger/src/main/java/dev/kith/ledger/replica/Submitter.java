package dev.kith.ledger.replica;

import dev.kith.ledger.LedgerStalledException;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.FactCodec;
import dev.kith.libp2p.identity.PrivateKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signs facts in batches and sees them through to a final block. Thread-safe. */
final class Submitter {
  private static final Logger LOG = LoggerFactory.getLogger(Submitter.class);

  /** Blocks in which a batch may still have an effect. */
  private static final int EXPIRY_BLOCKS = 3_600;

  private static final int BATCH_BYTES = 48 * 1024;
  private static final long RESEND_MILLIS = 2_000;
  private static final long FAILED_PAUSE_MILLIS = 200;
  private static final long SILENT_MILLIS = 1_500;

  private final Replicated replicated;
  private final Supplier<Engine> engine;
  private final PrivateKey key;
  private final AtomicLong sequence;

  Submitter(Replicated replicated, Supplier<Engine> engine, PrivateKey key) throws IOException {
    this.replicated = replicated;
    this.engine = engine;
    this.key = key;
    // Far above what any earlier run of this peer may still have under way.
    long highest = replicated.store().highestSequence(key.publicKey().peerId());
    sequence = new AtomicLong(Math.max(highest + 1, System.currentTimeMillis() * 1_000));
  }

  List<Outcome> submit(List<Fact> facts, Duration timeout)
      throws IOException, InterruptedException {
    List<Batch> batches = new ArrayList<>();
    List<Fact> some = new ArrayList<>();
    int bytes = 0;
    for (Fact fact : facts) {
      int length = FactCodec.encode(fact).size() + 2;
      if (some.size() == Batch.RECORDS_MAX || bytes + length > BATCH_BYTES) {
        batches.add(sign(some));
        some.clear();
        bytes = 0;
      }
      some.add(fact);
      bytes += length;
    }
    if (!some.isEmpty()) {
      batches.add(sign(some));
    }
    return submitBatches(batches, timeout);
  }

  private Batch sign(List<Fact> facts) {
    long expiry = replicated.head().height() + EXPIRY_BLOCKS;
    return Batch.sign(replicated.realmId(), key, sequence.getAndIncrement(), expiry, facts);
  }

  /** Sees a batch through that somebody else signed. */
  List<Outcome> submit(Batch batch, Duration timeout) throws IOException, InterruptedException {
    if (!batch.verify(replicated.realmId())) {
      throw new IllegalArgumentException("batch: a false signature");
    }
    if (!replicated.wanted(batch)) {
      Outcome refused = new Outcome.Refused(replicated.head().height(), Refusal.REPLAYED);
      return Collections.nCopies(batch.facts().size(), refused);
    }
    return submitBatches(List.of(batch), timeout);
  }

  private List<Outcome> submitBatches(List<Batch> batches, Duration timeout)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<FinalFeed.Ticket> tickets = batches.stream().map(replicated.feed()::expect).toList();
    try {
      for (Batch batch : batches) {
        send(batch);
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (int i = 0; i < batches.size(); i++) {
        outcomes.addAll(await(batches.get(i), tickets.get(i), deadline));
      }
      return outcomes;
    } finally {
      batches.forEach(replicated.feed()::forget);
    }
  }

  private List<Outcome> await(Batch batch, FinalFeed.Ticket ticket, long deadline)
      throws IOException, InterruptedException {
    long pause = RESEND_MILLIS;
    while (true) {
      long until = Math.min(deadline, System.nanoTime() + pause * 1_000_000);
      Optional<List<Outcome>> outcomes = replicated.feed().await(ticket, until);
      if (outcomes.isPresent()) {
        return outcomes.get();
      }
      if (replicated.feed().closed()) {
        throw new IOException("the ledger was closed");
      }
      engine.get().check();
      if (System.nanoTime() >= deadline) {
        throw new LedgerStalledException(
            "no final block in time: "
                + engine.get().reachable().size()
                + " of "
                + replicated.committee().size()
                + " validators reachable, "
                + replicated.committee().quorum()
                + " needed");
      }
      if (engine.get() instanceof Follower follower) {
        follower.distrust(SILENT_MILLIS);
      }
      pause = send(batch) ? RESEND_MILLIS : FAILED_PAUSE_MILLIS;
    }
  }

  /** Sends a batch; that nobody takes it now is no reason to give up. */
  private boolean send(Batch batch) throws InterruptedException {
    try {
      engine.get().submit(batch);
      return true;
    } catch (IOException e) {
      LOG.debug("records wait: {}", e.getMessage());
      return false;
    }
  }
}
