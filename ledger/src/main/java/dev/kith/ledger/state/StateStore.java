package dev.kith.ledger.state;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.WrongFormatException;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.codec.ByteOrder;
import dev.kith.ledger.history.History;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.tree.NodeKey;
import dev.kith.ledger.tree.Tree;
import dev.kith.libp2p.datastore.Datastore;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * The state after the newest final block. Blocks are committed in memory and written to the
 * datastore some at a time, by {@link #flush}, each time together with the height that they reach;
 * after a crash the blocks since then are executed anew. Thread-safe; one thread commits.
 */
public final class StateStore implements StateReader {
  private static final byte[] FORMAT_KEY = {(byte) 0xFF, 'f'};
  private static final byte[] FORMAT = {'K', 'S', 3};
  private static final Bytes APPLIED = Bytes.of(0xFF, 'a');
  private static final Bytes REALM = Bytes.of(0xFF, 'r');
  private static final Bytes BLOCKS = Bytes.of(0xFE);

  private final Datastore datastore;
  private final Bytes32 realmId;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final StoredTree stored;
  private NavigableMap<Bytes, Optional<Bytes>> pending = new TreeMap<>(ByteOrder.UNSIGNED);
  private NavigableMap<Bytes, Optional<Bytes>> flushing = new TreeMap<>(ByteOrder.UNSIGNED);
  private List<NodeKey> replaced = new ArrayList<>();
  private volatile Applied applied;
  private volatile Tree tree;

  private StateStore(
      Datastore datastore, Bytes32 realmId, Applied applied, Tree tree, StoredTree stored) {
    this.datastore = datastore;
    this.realmId = realmId;
    this.applied = applied;
    this.tree = tree;
    this.stored = stored;
  }

  /**
   * Opens a state, or begins one with the genesis.
   *
   * @throws WrongFormatException when another version of Kith wrote it
   * @throws IOException also when the datastore holds another realm
   */
  public static StateStore open(Datastore datastore, Genesis genesis) throws IOException {
    Bytes32 realmId = genesis.realmId();
    byte[] format = datastore.get(FORMAT_KEY);
    if (format == null) {
      return begin(datastore, genesis, realmId);
    }
    if (!java.util.Arrays.equals(format, FORMAT)) {
      throw new WrongFormatException("the ledger's state", format[format.length - 1], FORMAT[2]);
    }
    byte[] realm = datastore.get(REALM.toArrayUnsafe());
    byte[] row = datastore.get(APPLIED.toArrayUnsafe());
    if (row == null || realm == null || !Bytes.wrap(realm).equals(realmId)) {
      throw new IOException("the ledger's state is of another realm");
    }
    Applied applied = Applied.decode(Bytes.wrap(row));
    StoredTree stored = StoredTree.open(datastore, applied.point().height());
    Tree tree = stored.read();
    if (!tree.root().equals(applied.root())) {
      throw new IOException("the ledger's state is damaged: the tree is not the newest block's");
    }
    return new StateStore(datastore, realmId, applied, tree, stored);
  }

  private static StateStore begin(Datastore datastore, Genesis genesis, Bytes32 realmId)
      throws IOException {
    StoredTree stored = StoredTree.begin(datastore);
    Execution execution = Executor.genesis(genesis, stored.empty());
    ChainPoint point = ChainPoint.genesis(realmId, genesis.createdMillis());
    Applied applied = new Applied(point, execution.root(), History.EMPTY);
    StateStore store = new StateStore(datastore, realmId, applied, execution.tree(), stored);
    Datastore.Batch batch = new Datastore.Batch();
    batch.put(FORMAT_KEY, FORMAT).put(REALM.toArrayUnsafe(), realmId.toArrayUnsafe());
    execution.overlay().changes().forEach(row -> store.pending.put(row.getKey(), row.getValue()));
    store.pending.put(APPLIED, Optional.of(applied.encode()));
    stored.take(execution.tree(), 0, List.of());
    store.write(store.pending, batch);
    store.pending = new TreeMap<>(ByteOrder.UNSIGNED);
    return store;
  }

  public Bytes32 realmId() {
    return realmId;
  }

  public Applied applied() {
    return applied;
  }

  /** The tree of the state after the newest block. */
  public Tree tree() {
    return tree;
  }

  /**
   * Takes over what a block changed.
   *
   * @param point the block
   * @param location where the archive keeps it
   */
  public void commit(Execution execution, ChainPoint point, Optional<Bytes> location) {
    lock.writeLock().lock();
    try {
      execution
          .overlay()
          .changes()
          .forEach(change -> pending.put(change.getKey(), change.getValue()));
      History history =
          applied
              .history()
              .with(
                  point.digest(),
                  (level, index, hash) ->
                      pending.put(StateKeys.history(level, index), Optional.of(hash)));
      Applied after = new Applied(point, execution.root(), history);
      pending.put(APPLIED, Optional.of(after.encode()));
      location.ifPresent(l -> pending.put(blockKey(point.height()), Optional.of(l)));
      replaced.addAll(execution.update().replaced());
      tree = execution.tree();
      applied = after;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Writes what was committed. The blocks themselves must be on disk before. */
  public synchronized void flush(Force blocks) throws IOException {
    lock.writeLock().lock();
    try {
      if (pending.isEmpty() && flushing.isEmpty()) {
        return;
      }
      flushing.putAll(pending);
      pending = new TreeMap<>(ByteOrder.UNSIGNED);
      stored.take(tree, applied.point().height(), replaced);
      replaced = new ArrayList<>();
    } finally {
      lock.writeLock().unlock();
    }
    blocks.force();
    write(flushing, new Datastore.Batch());
    lock.writeLock().lock();
    try {
      flushing = new TreeMap<>(ByteOrder.UNSIGNED);
    } finally {
      lock.writeLock().unlock();
    }
    stored.prune();
  }

  private void write(Map<Bytes, Optional<Bytes>> changes, Datastore.Batch batch)
      throws IOException {
    changes.forEach(
        (key, row) -> {
          if (row.isPresent()) {
            batch.put(key.toArrayUnsafe(), row.get().toArrayUnsafe());
          } else {
            batch.delete(key.toArrayUnsafe());
          }
        });
    stored.write(batch);
    datastore.write(batch, false);
    stored.written();
  }

  @Override
  public @Nullable Bytes get(Bytes key) throws IOException {
    lock.readLock().lock();
    try {
      Optional<Bytes> row = pending.get(key);
      if (row == null) {
        row = flushing.get(key);
      }
      if (row != null) {
        return row.orElse(null);
      }
    } finally {
      lock.readLock().unlock();
    }
    byte[] stored = datastore.get(key.toArrayUnsafe());
    return stored == null ? null : Bytes.wrap(stored);
  }

  /** The rows whose keys begin so, by key, at most {@code limit}. */
  List<Map.Entry<Bytes, Bytes>> scan(Bytes prefix, int limit) throws IOException {
    NavigableMap<Bytes, Bytes> rows = new TreeMap<>(ByteOrder.UNSIGNED);
    lock.readLock().lock();
    try {
      // Deleted rows may be among the first ones stored, so room is left for them.
      long deleted = pendingUnder(prefix).values().stream().filter(Optional::isEmpty).count();
      datastore.scan(
          prefix.toArrayUnsafe(),
          (key, row) -> {
            rows.put(Bytes.wrap(key), Bytes.wrap(row));
            return rows.size() < limit + deleted;
          });
      pendingUnder(prefix)
          .forEach(
              (key, row) -> {
                if (row.isPresent()) {
                  rows.put(key, row.get());
                } else {
                  rows.remove(key);
                }
              });
    } finally {
      lock.readLock().unlock();
    }
    return new ArrayList<>(rows.entrySet().stream().limit(limit).toList());
  }

  private NavigableMap<Bytes, Optional<Bytes>> pendingUnder(Bytes prefix) {
    NavigableMap<Bytes, Optional<Bytes>> under = new TreeMap<>(ByteOrder.UNSIGNED);
    for (NavigableMap<Bytes, Optional<Bytes>> map : List.of(flushing, pending)) {
      for (Map.Entry<Bytes, Optional<Bytes>> entry : map.tailMap(prefix).entrySet()) {
        if (entry.getKey().size() < prefix.size()
            || !entry.getKey().slice(0, prefix.size()).equals(prefix)) {
          break;
        }
        under.put(entry.getKey(), entry.getValue());
      }
    }
    return under;
  }

  /** What stands under a key in the newest state, with the proof. */
  public Proven prove(Bytes key) throws IOException {
    Applied at;
    Tree of;
    Optional<Bytes> row;
    lock.readLock().lock();
    try {
      at = applied;
      of = tree;
      row = Optional.ofNullable(get(key));
    } finally {
      lock.readLock().unlock();
    }
    return new Proven(at, key, row, of.prove(key));
  }

  /** The top of a full tree over headers, as in {@link dev.kith.ledger.history.HistorySource}. */
  public Bytes32 historyNode(int level, long index) throws IOException {
    Bytes hash = get(StateKeys.history(level, index));
    if (hash == null) {
      throw new IOException("the history lacks node " + index + " of level " + level);
    }
    return Bytes32.wrap(hash);
  }

  /** Where the archive keeps the block of a height; empty above the newest one. */
  public Optional<Bytes> blockLocation(long height) throws IOException {
    return Optional.ofNullable(get(blockKey(height)));
  }

  /** The highest sequence that an author used, or -1. */
  public long highestSequence(PeerId author) throws IOException {
    return SequenceWindow.decode(get(StateKeys.sequences(LedgerKey.of(author)))).highest();
  }

  private static Bytes blockKey(long height) {
    return Bytes.concatenate(BLOCKS, Bytes.ofUnsignedLong(height));
  }

  /** Brings the blocks to disk. */
  @FunctionalInterface
  public interface Force {
    void force() throws IOException;
  }
}
