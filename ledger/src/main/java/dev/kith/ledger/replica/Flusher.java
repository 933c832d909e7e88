package dev.kith.ledger.replica;

import dev.kith.ledger.archive.Archive;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.state.StateStore;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the state some blocks at a time: archive first, so that the state on disk is never ahead
 * of the blocks from which it could be made again. One virtual thread.
 */
final class Flusher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Flusher.class);

  private static final long PAUSE_MILLIS = 1_000;

  private final StateStore store;
  private final Archive archive;
  private final FinalFeed feed;
  private final AtomicBoolean failing = new AtomicBoolean();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile ChainPoint safe;

  Flusher(StateStore store, Archive archive, FinalFeed feed) {
    this.store = store;
    this.archive = archive;
    this.feed = feed;
    safe = store.applied().point();
    thread = Thread.ofVirtual().name("ledger-flush").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** The view of the newest block that survives a power cut. */
  long safeView() {
    return safe.view();
  }

  private void run() {
    try {
      while (!feed.closed()) {
        feed.awaitHeight(safe.height() + 1, Long.MAX_VALUE / 2_000_000);
        if (!closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Brings everything to disk that was committed before. */
  synchronized void flush() {
    ChainPoint reached = store.applied().point();
    try {
      store.flush(archive::force);
      safe = reached;
      failing.set(false);
    } catch (IOException e) {
      if (!failing.getAndSet(true)) {
        LOG.error("the ledger cannot be written to disk; it is tried again every second", e);
      }
    }
  }

  /** Writes what is left. The feed is closed before, which ends the thread. */
  @Override
  public void close() {
    // No interrupt: it would close the archive if the thread is forcing it.
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    flush();
  }
}
