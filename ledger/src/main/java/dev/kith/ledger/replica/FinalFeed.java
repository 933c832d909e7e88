package dev.kith.ledger.replica;

import dev.kith.ledger.Outcome;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.archive.Archived;
import dev.kith.ledger.record.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Tells those who wait that a block became final: submitters, followers and listeners. Keeps the
 * newest blocks encoded, as most followers want just these. Thread-safe.
 */
final class FinalFeed {
  private static final int RECENT_BYTES_MAX = 4 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Bytes32, Ticket> tickets = new HashMap<>();
  private final LinkedHashMap<Long, Bytes> recent = new LinkedHashMap<>();
  private int recentBytes;
  private long height;
  private boolean closed;

  FinalFeed(long height) {
    this.height = height;
  }

  /** What became of one batch. */
  static final class Ticket {
    private Optional<List<Outcome>> outcomes = Optional.empty();
    private int holders;
  }

  void publish(Archived archived) {
    Bytes encoded = archived.block().encode();
    lock.lock();
    try {
      height = archived.block().block().height();
      recent.put(height, encoded);
      recentBytes += encoded.size();
      var oldest = recent.entrySet().iterator();
      while (recentBytes > RECENT_BYTES_MAX && oldest.hasNext()) {
        recentBytes -= oldest.next().getValue().size();
        oldest.remove();
      }
      settle(archived);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void settle(Archived archived) {
    int at = 0;
    for (Batch batch : archived.block().batches()) {
      List<Optional<Refusal>> refusals = archived.refusals().subList(at, at + batch.facts().size());
      at += batch.facts().size();
      Ticket ticket = tickets.remove(batch.digest());
      if (ticket != null) {
        List<Outcome> outcomes = new ArrayList<>(refusals.size());
        refusals.forEach(refusal -> outcomes.add(outcome(height, refusal)));
        ticket.outcomes = Optional.of(outcomes);
      }
    }
  }

  static Outcome outcome(long height, Optional<Refusal> refusal) {
    return refusal
        .<Outcome>map(why -> new Outcome.Refused(height, why))
        .orElseGet(() -> new Outcome.Applied(height));
  }

  /** Registers for the outcome of a batch, before it is sent. */
  Ticket expect(Batch batch) {
    lock.lock();
    try {
      Ticket ticket = tickets.computeIfAbsent(batch.digest(), digest -> new Ticket());
      ticket.holders++;
      return ticket;
    } finally {
      lock.unlock();
    }
  }

  /** Ends what {@link #expect} began. */
  void forget(Batch batch) {
    lock.lock();
    try {
      tickets.computeIfPresent(
          batch.digest(), (digest, ticket) -> --ticket.holders == 0 ? null : ticket);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for an outcome until a moment of {@link System#nanoTime}. */
  Optional<List<Outcome>> await(Ticket ticket, long untilNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (ticket.outcomes.isEmpty() && !closed) {
        long left = untilNanos - System.nanoTime();
        if (left <= 0 || changed.awaitNanos(left) <= 0) {
          break;
        }
      }
      return ticket.outcomes;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a block of this height is final, or time is up; returns the final height. */
  long awaitHeight(long wanted, long millis) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (height < wanted && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return height;
    } finally {
      lock.unlock();
    }
  }

  /** A block of late, as it goes on the wire. */
  Optional<Bytes> recent(long wanted) {
    lock.lock();
    try {
      return Optional.ofNullable(recent.get(wanted));
    } finally {
      lock.unlock();
    }
  }

  int waiting() {
    lock.lock();
    try {
      return tickets.size();
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes everybody for the last time. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
