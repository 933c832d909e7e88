package dev.kith.ledger.replica;

import dev.kith.ledger.Outcome;
import dev.kith.ledger.archive.Archived;
import dev.kith.ledger.block.Header;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.Leaving;
import dev.kith.ledger.record.ValidatorReady;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says for a device that is willing to validate that it is ready, when that may matter: at first,
 * when another does, when a validator goes or is missed, and now and then. One virtual thread.
 */
final class Candidacy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Candidacy.class);

  /** A word this old is not enough any more; one that is younger need not be repeated. */
  private static final long AGAIN_MILLIS = 25_000;

  /** Without any occasion it is repeated after this long, before it is forgotten. */
  private static final long REPEAT_MILLIS = 25 * 60_000;

  private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(10);
  private static final long RETRY_MIN_MILLIS = 1_000;
  private static final long RETRY_MAX_MILLIS = 60_000;
  private static final int LOOK_MILLIS = 5_000;

  private final Replicated replicated;
  private final Helm helm;
  private final Submitter submitter;
  private final PeerId self;
  private final Thread thread = Thread.ofVirtual().name("ledger-candidacy").unstarted(this::run);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final CountDownLatch closing = new CountDownLatch(1);
  private boolean standing;

  Candidacy(Replicated replicated, Helm helm, Submitter submitter) {
    this.replicated = replicated;
    this.helm = helm;
    this.submitter = submitter;
    self = replicated.host().id();
  }

  void start() {
    thread.start();
  }

  void stand() {
    stands(true);
  }

  private void stands(boolean now) {
    lock.lock();
    try {
      standing = now;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean stands() {
    lock.lock();
    try {
      return standing && !closed();
    } finally {
      lock.unlock();
    }
  }

  boolean leave(Duration timeout) throws InterruptedException {
    stands(false);
    long until = System.nanoTime() + timeout.toNanos();
    try {
      submitter.submit(List.<Fact>of(new Leaving(epoch())), timeout);
      while (seated() && System.nanoTime() < until) {
        replicated.feed().awaitHeight(replicated.head().height() + 1, 100);
      }
    } catch (IOException e) {
      LOG.info("this device goes without a word: {}", e.getMessage());
    }
    return !seated();
  }

  private long epoch() {
    return replicated.committees().present().epoch().number();
  }

  private boolean seated() {
    return replicated.validators().contains(self);
  }

  private void run() {
    long seen = replicated.head().height();
    long saidAt = Long.MIN_VALUE / 2;
    long retry = RETRY_MIN_MILLIS;
    boolean occasion = true;
    try {
      while (awaitStanding()) {
        long height = replicated.feed().awaitHeight(seen + 1, LOOK_MILLIS);
        for (; seen < height && !occasion; seen++) {
          occasion = occasion(seen + 1);
        }
        seen = height;
        long age = System.nanoTime() / 1_000_000 - saidAt;
        boolean due = age > REPEAT_MILLIS || (occasion && age > AGAIN_MILLIS);
        if (!stands()) {
          occasion = true;
        } else if (seated() || !member()) {
          occasion = true; // whoever loses a seat may want it back
          saidAt = Long.MIN_VALUE / 2;
        } else if (due) {
          if (said()) {
            saidAt = System.nanoTime() / 1_000_000;
            occasion = false;
            retry = RETRY_MIN_MILLIS;
          } else {
            closing.await(retry, TimeUnit.MILLISECONDS);
            retry = Math.min(RETRY_MAX_MILLIS, 2 * retry);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean awaitStanding() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!standing && !closed()) {
        changed.await();
      }
      return !closed();
    } finally {
      lock.unlock();
    }
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private boolean member() {
    return replicated.isMember(self);
  }

  /** Whether a block makes it likely that seats are given soon. */
  private boolean occasion(long height) {
    try {
      Optional<Archived> archived = replicated.block(height);
      if (archived.isEmpty()) {
        return false;
      }
      Header header = archived.get().block().block().header();
      int size = replicated.committees().of(header.epoch()).committee().size();
      boolean missed = header.attendance() != 0 && Integer.bitCount(header.attendance()) < size;
      return missed || header.ends() || callsForOthers(archived.get());
    } catch (IOException e) {
      LOG.debug("block {} cannot be read", height, e);
      return false;
    }
  }

  private boolean callsForOthers(Archived archived) {
    for (Batch batch : archived.block().batches()) {
      boolean calls =
          batch.facts().stream()
              .anyMatch(fact -> fact instanceof ValidatorReady || fact instanceof Leaving);
      if (calls && !batch.author().equals(self)) {
        return true;
      }
    }
    return false;
  }

  private boolean said() throws InterruptedException {
    try {
      Optional<Bytes> journal = helm.journalForASeat();
      if (journal.isEmpty()) {
        return false;
      }
      return switch (submitter
          .submit(List.<Fact>of(new ValidatorReady(epoch(), journal.get())), SUBMIT_TIMEOUT)
          .getFirst()) {
        case Outcome.Applied applied -> true;
        case Outcome.Refused refused -> {
          LOG.debug("not ready for a seat: {}", refused.refusal());
          yield false;
        }
      };
    } catch (IOException e) {
      LOG.debug("not ready for a seat: {}", e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closing.countDown();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    // No interrupt: it would close the log's file if the thread is making it.
  }
}
