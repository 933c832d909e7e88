package dev.kith.node.files;

import dev.kith.ledger.Member;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.record.OfferPut;
import dev.kith.node.files.mesh.Mesh;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the file engine does by itself, on one virtual thread: it finishes puts that met a stalled
 * ledger, absent peers or an earlier end of the process, and sweeps for dead groups after changes
 * and now and then.
 */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(60);
  private static final int RETRY_DOUBLINGS = 5;

  /**
   * A put that is not final by then is given up. Holders delete what the ledger does not know after
   * twice as long ({@link dev.kith.node.files.holder.HolderSettings}): names must never become
   * final whose data may be gone, and a late one must not take an older version's place.
   */
  private static final Duration FINAL_WITHIN = Sweeper.LAPSES_AFTER;

  /** A sweep may take up this share of the time. */
  private static final int SWEEP_SHARE = 20;

  private final Mesh mesh;
  private final PutJournal journal;
  private final Commits commits;
  private final Sweeper sweeper;
  private final Pins pins;
  private final FileSettings settings;
  private final InstantSource clock;
  private final Set<Bytes> inSession = ConcurrentHashMap.newKeySet();
  private final Thread thread;

  // Guarded by this: when to do what, by System.nanoTime.
  private long finishAt;
  private long sweepAt;
  private long sweepNotBefore;
  private int retries;

  Upkeep(
      Mesh mesh,
      PutJournal journal,
      Commits commits,
      Sweeper sweeper,
      Pins pins,
      FileSettings settings,
      InstantSource clock) {
    this.mesh = mesh;
    this.journal = journal;
    this.commits = commits;
    this.sweeper = sweeper;
    this.pins = pins;
    this.settings = settings;
    this.clock = clock;
    long now = System.nanoTime();
    this.finishAt = now;
    this.sweepAt = now + settings.sweepInterval().toNanos();
    this.sweepNotBefore = now;
    this.thread = Thread.ofVirtual().name("files-upkeep").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** A session looks after this put; upkeep leaves it alone until {@link #leave}. */
  void enter(Bytes putId) {
    inSession.add(putId);
  }

  /** The session is over; if the journal still has the put, it goes on by itself. */
  synchronized void leave(Bytes putId) {
    inSession.remove(putId);
    retries = 0;
    finishAt = System.nanoTime() + settings.retryDelay().toNanos();
    notifyAll();
  }

  /** Names changed: groups may be dead. */
  synchronized void changed() {
    long soon = Math.max(System.nanoTime() + settings.sweepDelay().toNanos(), sweepNotBefore);
    if (soon - sweepAt < 0) {
      sweepAt = soon;
      notifyAll();
    }
  }

  private void run() {
    try {
      while (true) {
        if (awaitDue()) {
          finishPuts();
        } else {
          sweep();
        }
      }
    } catch (InterruptedException e) {
      // The engine closes.
      return;
    }
  }

  /** Blocks until something is due: true for finishing puts, false for a sweep. */
  private synchronized boolean awaitDue() throws InterruptedException {
    while (true) {
      long now = System.nanoTime();
      if (finishAt - now <= 0) {
        return true;
      }
      if (sweepAt - now <= 0) {
        return false;
      }
      wait(Math.min(finishAt - now, sweepAt - now) / 1_000_000 + 1);
    }
  }

  private void finishPuts() throws InterruptedException {
    boolean left = true;
    synchronized (this) {
      finishAt = System.nanoTime() + settings.sweepInterval().toNanos();
    }
    try {
      left = !finishAll();
    } catch (IOException | RuntimeException e) {
      LOG.warn("puts could not be finished and are tried again", e);
    }
    synchronized (this) {
      int doublings = Math.min(retries++, RETRY_DOUBLINGS);
      Duration delay =
          left ? settings.retryDelay().multipliedBy(1L << doublings) : settings.sweepInterval();
      // Whoever left a put meanwhile may have asked for an earlier time.
      finishAt = earlier(finishAt, System.nanoTime() + delay.toNanos());
    }
  }

  private static long earlier(long oneNanos, long otherNanos) {
    return oneNanos - otherNanos < 0 ? oneNanos : otherNanos;
  }

  /** Whether no put is left that could be finished. */
  private boolean finishAll() throws IOException, InterruptedException {
    boolean all = true;
    for (PutRecord put : journal.stored()) {
      if (!inSession.contains(put.putId())) {
        all &= finish(put);
      }
    }
    return all;
  }

  /** Whether nothing is left to do for this put: it is final, or was given up. */
  private boolean finish(PutRecord put) throws IOException, InterruptedException {
    if (mesh.ledger().status().stalled() || mesh.ledger().view().member(mesh.self()).isEmpty()) {
      // Every attempt writes folder objects: none before it can succeed.
      return false;
    }
    boolean late = late(put);
    if (late && !caughtUp()) {
      return false; // it may have become final in blocks that this replica has not seen
    }
    if (commits.finishedBefore(put)) {
      LOG.info("put {} was final already", put.putId());
    } else if (late) {
      LOG.error(
          "put {} is given up: it was not final within {} hours, and its holders may have deleted"
              + " it",
          put.putId(),
          FINAL_WITHIN.toHours());
      commits.giveUp(put.putId());
    } else if (!attempt(put)) {
      return false;
    }
    pins.releasePut(put.putId());
    changed();
    return true;
  }

  /**
   * A record of now that is final here leaves no older block unseen; the own offer says nothing
   * new.
   */
  private boolean caughtUp() throws IOException, InterruptedException {
    Optional<OfferPut> offer = mesh.ledger().view().member(mesh.self()).flatMap(Member::offer);
    if (offer.isPresent()) {
      Outcome outcome = mesh.ledger().submit(offer.get(), COMMIT_TIMEOUT);
      LOG.debug("caught up: {}", outcome);
    }
    return offer.isPresent();
  }

  private boolean attempt(PutRecord put) throws IOException, InterruptedException {
    try {
      commits.begin(put);
      commits.commit(put, COMMIT_TIMEOUT);
      LOG.info("put {} is final now", put.putId());
    } catch (IOException e) {
      if (journal.holds(put.putId())) {
        LOG.info("put {} is tried again later: {}", put.putId(), e.toString());
        return false;
      }
      LOG.error("put {} is given up: {}", put.putId(), e.getMessage());
    }
    return true;
  }

  /** Whether holders may have deleted the data. Folder objects are made anew by each attempt. */
  private boolean late(PutRecord put) {
    long age = PutContext.millis(mesh, clock) - put.startedMillis();
    return !put.groups().isEmpty() && age > FINAL_WITHIN.toMillis();
  }

  private void sweep() throws InterruptedException {
    long start = System.nanoTime();
    synchronized (this) {
      // From here on a change of names asks for another sweep, which this one may not see.
      sweepAt = start + settings.sweepInterval().toNanos();
    }
    try {
      if (!mesh.ledger().status().stalled()) {
        sweeper.sweep();
      }
    } catch (IOException | RuntimeException e) {
      LOG.info("the sweep for dead groups ended early: {}", e.toString());
    }
    long now = System.nanoTime();
    synchronized (this) {
      sweepNotBefore = now + Math.max(settings.sweepGap().toNanos(), SWEEP_SHARE * (now - start));
      if (sweepAt - sweepNotBefore < 0) {
        sweepAt = sweepNotBefore;
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
