package dev.kith.ledger.replica;

import dev.kith.ledger.BlockListener;
import dev.kith.ledger.archive.Archived;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of final blocks, in order, on one virtual thread of its own: a slow one falls
 * behind and delays the other listeners, never the consensus.
 */
final class Listeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private static final int PATIENCE_MILLIS = 60_000;

  private final Replicated replicated;
  private final List<BlockListener> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private long told;

  Listeners(Replicated replicated) {
    this.replicated = replicated;
    told = replicated.head().height();
    thread = Thread.ofVirtual().name("ledger-listeners").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  AutoCloseable add(BlockListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void run() {
    try {
      while (!replicated.feed().closed()) {
        long height = replicated.feed().awaitHeight(told + 1, PATIENCE_MILLIS);
        while (told < height) {
          tell(told + 1);
          told++;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(long height) {
    if (listeners.isEmpty()) {
      return;
    }
    try {
      Optional<Archived> block = replicated.block(height);
      if (block.isEmpty()) {
        return;
      }
      for (BlockListener listener : listeners) {
        tell(listener, block.get());
      }
    } catch (IOException e) {
      LOG.warn("block {} cannot be read for its listeners", height, e);
    }
  }

  private void tell(BlockListener listener, Archived block) throws IOException {
    try {
      listener.finalized(Summaries.block(block, replicated.committees()), Summaries.records(block));
    } catch (RuntimeException e) {
      LOG.error("a listener failed on block {}", block.block().block().height(), e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
