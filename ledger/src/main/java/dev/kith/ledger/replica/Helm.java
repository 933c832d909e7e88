package dev.kith.ledger.replica;

import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Signatures;
import dev.kith.ledger.simplex.JournalEntry;
import dev.kith.ledger.simplex.Simplex;
import dev.kith.ledger.wal.WriteAheadLog;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which part this replica plays: a follower, or a validator in an epoch that gives it a seat. With
 * each epoch the validator of the last one stands down, and a new one with a new consensus takes
 * over. Thread-safe.
 */
final class Helm implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Helm.class);
  private static final int RETRY_MILLIS = 1_000;

  private final Replicated replicated;
  private final Flusher flusher;
  private final Seats seats;
  private final Informer informer;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile Engine engine;
  private long epoch;

  Helm(Replicated replicated, Flusher flusher, Seats seats, Informer informer) throws IOException {
    this.replicated = replicated;
    this.flusher = flusher;
    this.seats = seats;
    this.informer = informer;
    Committees.Seated seated = replicated.committees().present();
    epoch = seated.epoch().number();
    engine = open(seated);
    // No virtual thread: it waits for the validator's, which may wait for the disk.
    thread = Thread.ofPlatform().name("ledger-helm").daemon().unstarted(this::run);
  }

  void start() {
    engine.start();
    thread.start();
  }

  Engine engine() {
    return engine;
  }

  /**
   * The name of the log with which this device would vote, where it has no seat now.
   *
   * @return empty where it has one, and so has its log in use
   */
  synchronized Optional<Bytes> journalForASeat() throws IOException {
    return engine instanceof Follower && !closed()
        ? Optional.of(
            WriteAheadLog.prepare(
                seats.wal(), replicated.realmId(), seats.disk(), new SecureRandom()))
        : Optional.empty();
  }

  private void run() {
    try {
      while (replicated.committees().awaitAfter(epoch)) {
        try {
          turn();
        } catch (IOException | RuntimeException e) {
          LOG.error("the next epoch cannot begin here yet; it is tried again", e);
          if (closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes the part that the present epoch gives to this device. */
  private synchronized void turn() throws IOException {
    if (closed()) {
      return;
    }
    Committees.Seated seated = replicated.committees().present();
    if (engine instanceof Follower && seat(seated) < 0) {
      epoch = seated.epoch().number();
      return;
    }
    engine.close();
    // What ended the old epoch must be on disk before anything is said in the new one.
    flusher.flush();
    seated = replicated.committees().present();
    engine = open(seated);
    epoch = seated.epoch().number();
    engine.start();
    LOG.info(
        "epoch {} with {} validators; this peer {}",
        epoch,
        seated.committee().size(),
        engine instanceof Follower ? "follows" : engine.votes() ? "votes" : "may not vote");
  }

  private int seat(Committees.Seated seated) {
    return seated.validators().indexOf(seats.key().publicKey().peerId());
  }

  private Engine open(Committees.Seated seated) throws IOException {
    int seat = seat(seated);
    return seat < 0
        ? new Follower(replicated, new FollowClient(replicated, true))
        : validator(seated, seat);
  }

  private Validator validator(Committees.Seated seated, int seat) throws IOException {
    Optional<WriteAheadLog.Opened> sound =
        WriteAheadLog.open(seats.wal(), replicated.realmId(), seats.disk());
    Bytes named = seated.epoch().seats().get(seat).journal();
    Optional<WriteAheadLog.Opened> log = sound.filter(opened -> opened.name().equals(named));
    if (sound.isPresent() && log.isEmpty()) {
      sound.get().log().close();
    }
    if (log.isEmpty()) {
      LOG.error(
          "the write-ahead log in {} is missing, damaged or another than this seat was given to:"
              + " what this validator said before is unknown, so it follows the realm and does not"
              + " vote in this epoch",
          seats.wal());
    }
    Journal journal = new Journal(log.map(WriteAheadLog.Opened::log), seated.epoch().number());
    List<JournalEntry> entries =
        journal.recover(log.map(WriteAheadLog.Opened::records).orElse(List.of()), this::recovered);
    Simplex machine =
        new Simplex(
            new Simplex.Setup(
                seated.committee(),
                seat,
                log.isPresent(),
                seats.timing(seated.committee().size()),
                replicated.head(),
                finalization(),
                hash -> Signatures.signHash(seats.key(), hash),
                RandomGenerator.getDefault()));
    FollowClient client = new FollowClient(replicated, false);
    client.catchUp(); // the others may be further than this epoch's first block
    return new Validator(
        replicated,
        new ValidatorLoop.Parts(
            seated,
            seat,
            log.isPresent(),
            machine,
            journal,
            entries,
            flusher::safeView,
            client,
            informer));
  }

  /** Batches on the chain do not wait: they would keep the clocks of an idle realm running. */
  private void recovered(Batch batch) {
    if (replicated.wanted(batch)) {
      replicated.pool().add(batch, ValidatorLoop.millis());
    } else {
      replicated.pool().keep(batch);
    }
  }

  /** The certificate in the head's proof; none where the head is of the epoch before. */
  private Optional<Certificate> finalization() throws IOException {
    return replicated.head().view() == 0
        ? Optional.empty()
        : replicated
            .block(replicated.head().height())
            .map(archived -> archived.block().finality().finalization());
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  /** Closes the engine. The thread may be opening another one, which is closed then. */
  @Override
  public void close() {
    closing.countDown();
    replicated.committees().close();
    synchronized (this) {
      engine.close();
    }
  }
}
