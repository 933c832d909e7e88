package dev.kith.ledger.replica;

import dev.kith.ledger.archive.Archive;
import dev.kith.ledger.archive.Location;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.SignatureScheme;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.state.EpochRow;
import dev.kith.ledger.state.Epochs;
import dev.kith.ledger.state.StateStore;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tuweni.bytes.Bytes32;

/** The committee of the present epoch, and those of earlier ones. Thread-safe. */
final class Committees {
  /** Earlier committees that are kept in memory, for those who read old blocks. */
  private static final int PAST_MAX = 64;

  private final StateStore store;
  private final Archive archive;
  private final SignatureScheme scheme;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Long, Seated> past = new LinkedHashMap<>();
  private volatile Seated present;
  private boolean closed;

  Committees(StateStore store, Archive archive, SignatureScheme scheme) throws IOException {
    this.store = store;
    this.archive = archive;
    this.scheme = scheme;
    present = seated(Epochs.current(store));
  }

  /** An epoch, its committee, and the validators' peer ids by their index in it. */
  record Seated(EpochRow epoch, Committee committee, List<PeerId> validators) {}

  Seated present() {
    return present;
  }

  Committee current() {
    return present.committee;
  }

  /** The committee that voted on the blocks of an epoch. */
  Seated of(long epoch) throws IOException {
    Seated now = present;
    if (now.epoch.number() == epoch) {
      return now;
    }
    lock.lock();
    try {
      Seated known = past.get(epoch);
      if (known == null) {
        known =
            seated(
                Epochs.of(store, epoch)
                    .orElseThrow(() -> new IOException("there was no epoch " + epoch)));
        if (past.size() >= PAST_MAX) {
          past.remove(past.keySet().iterator().next());
        }
        past.put(epoch, known);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  /** The next epoch begins, after a block with this digest. */
  void begin(EpochRow next, Bytes32 boundary) {
    lock.lock();
    try {
      present = seated(next, boundary);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for an epoch after this one; returns whether it came. */
  boolean awaitAfter(long epoch) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (present.epoch.number() <= epoch && !closed) {
        changed.await();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Seated seated(EpochRow epoch) throws IOException {
    if (epoch.number() == 0) {
      return seated(epoch, store.realmId());
    }
    Location location =
        Location.decode(
            store
                .blockLocation(epoch.startHeight())
                .orElseThrow(
                    () -> new IOException("block " + epoch.startHeight() + " is not at hand")));
    return seated(epoch, archive.read(location).block().block().digest());
  }

  private Seated seated(EpochRow epoch, Bytes32 boundary) {
    Committee committee =
        new Committee(store.realmId(), epoch.number(), epoch.keys(), boundary, scheme);
    return new Seated(epoch, committee, committee.keys().stream().map(LedgerKey::peerId).toList());
  }
}
