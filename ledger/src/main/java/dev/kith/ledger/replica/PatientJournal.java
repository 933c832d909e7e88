package dev.kith.ledger.replica;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.simplex.Effect;
import dev.kith.ledger.simplex.JournalEntry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of a validator that stands still while the disk refuses: that is safe, and to go on
 * without the journal is not. One thread.
 */
final class PatientJournal {
  private static final Logger LOG = LoggerFactory.getLogger(PatientJournal.class);
  private static final int PAUSE_MILLIS = 1_000;

  /** How often it is said, in tries: once a minute. */
  private static final int TRIES_A_LINE = 60;

  private final Journal journal;
  private final StateChain chain;
  private final CountDownLatch closing;

  /**
   * @param closing ends the waiting
   */
  PatientJournal(Journal journal, StateChain chain, CountDownLatch closing) {
    this.journal = journal;
    this.chain = chain;
    this.closing = closing;
  }

  /** Something that the disk may refuse. */
  interface Write {
    void run() throws IOException;
  }

  /** Returns when what these effects want to be remembered is on disk, as far as it binds. */
  void persist(Collection<Effect> effects) throws IOException {
    List<Journal.Addition> additions = new ArrayList<>();
    boolean binding = false;
    for (Effect effect : effects) {
      if (effect instanceof Effect.Persist(JournalEntry entry)) {
        additions.add(new Journal.Addition(entry, batchesOf(entry)));
        binding |= entry.binding();
      }
    }
    try {
      journal.append(additions);
      if (binding) {
        journal.sync();
      }
    } catch (IOException e) {
      LOG.error("the write-ahead log cannot be written: no votes until it can", e);
      insist(journal::repair);
    }
  }

  private List<Batch> batchesOf(JournalEntry entry) {
    return entry instanceof JournalEntry.Held(Block block)
        ? chain
            .batches(block.digest())
            .orElseThrow(() -> new IllegalStateException("no batches of " + block))
        : List.of();
  }

  /** Forgets what a block up to this view has made useless. */
  void trim(long safeView) throws IOException {
    try {
      journal.trim(safeView);
    } catch (IOException e) {
      LOG.error("the write-ahead log cannot be shortened: no votes until it can", e);
      insist(journal::repair);
    }
  }

  /** Tries again until the disk allows it. */
  void insist(Write write) throws IOException {
    for (long tries = 0; ; tries++) {
      try {
        write.run();
        return;
      } catch (IOException e) {
        if (closing.getCount() == 0) {
          throw e;
        }
        if (tries % TRIES_A_LINE == 0) {
          LOG.error("the disk refuses; this validator stands still until it does not", e);
        }
        pause();
      }
    }
  }

  private void pause() throws IOException {
    try {
      if (closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new InterruptedIOException("closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  void close() {
    try {
      journal.close();
    } catch (IOException e) {
      LOG.warn("the write-ahead log cannot be closed", e);
    }
  }
}
