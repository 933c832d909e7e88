package dev.kith.ledger.state;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.tree.NodeKey;
import dev.kith.ledger.tree.Saving;
import dev.kith.ledger.tree.Tree;
import dev.kith.libp2p.datastore.Datastore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.tuweni.bytes.Bytes;

/**
 * The tree's nodes in the datastore. Each flush leaves one row that lists the nodes which it made
 * stale, so that to delete them later costs no search. Owned by whoever holds the store's flush.
 */
final class StoredTree {
  /**
   * Blocks for which stale nodes stay: whoever proves something from a tree that was the newest a
   * moment ago must find its nodes.
   */
  static final int RETAINED_BLOCKS = 256;

  private static final Bytes NODE = Bytes.of(0xF0);
  private static final Bytes STALE = Bytes.of(0xF1);
  private static final byte[] ROOT = {(byte) 0xFF, 't'};

  private final Datastore datastore;
  private final NavigableSet<Long> staleAt = new TreeSet<>();
  private List<NodeKey> stale = new ArrayList<>();
  private long storedHeight;
  private long height;
  private Saving saving;
  private Bytes root = Bytes.EMPTY;

  private StoredTree(Datastore datastore, long storedHeight) {
    this.datastore = datastore;
    this.storedHeight = storedHeight;
    height = storedHeight;
    saving = empty().save(storedHeight);
  }

  static StoredTree begin(Datastore datastore) {
    return new StoredTree(datastore, -1);
  }

  static StoredTree open(Datastore datastore, long height) throws IOException {
    StoredTree tree = new StoredTree(datastore, height);
    datastore.scan(
        STALE.toArrayUnsafe(), (key, row) -> tree.staleAt.add(Bytes.wrap(key).slice(1).toLong()));
    return tree;
  }

  Tree empty() {
    return Tree.empty(this::node);
  }

  Tree read() throws IOException {
    byte[] row = datastore.get(ROOT);
    if (row == null) {
      throw new IOException("the ledger's state is damaged: it has no tree");
    }
    return Tree.stored(this::node, Bytes.wrap(row));
  }

  private byte @org.jspecify.annotations.Nullable [] node(NodeKey key) throws IOException {
    return datastore.get(nodeKey(key));
  }

  private static byte[] nodeKey(NodeKey key) {
    return Bytes.concatenate(NODE, key.encode()).toArrayUnsafe();
  }

  private static byte[] staleKey(long height) {
    return Bytes.concatenate(STALE, Bytes.ofUnsignedLong(height)).toArrayUnsafe();
  }

  /** What the next write writes; may be called again before it succeeds. */
  void take(Tree tree, long atHeight, List<NodeKey> replaced) {
    saving = tree.save(storedHeight);
    root = tree.encodeRoot();
    height = atHeight;
    // What was made since the last flush never was on disk.
    replaced.stream().filter(key -> key.version() <= storedHeight).forEach(stale::add);
  }

  void write(Datastore.Batch batch) {
    saving.write((key, node) -> batch.put(nodeKey(key), node));
    batch.put(ROOT, root.toArrayUnsafe());
    if (!stale.isEmpty()) {
      Writer to = new Writer(stale.size() * 16);
      stale.forEach(key -> to.bytes16(key.encode()));
      batch.put(staleKey(height), to.toArray());
    }
  }

  void written() {
    saving.stored();
    storedHeight = height;
    if (!stale.isEmpty()) {
      staleAt.add(height);
      stale = new ArrayList<>();
    }
  }

  /** Deletes nodes that no recent tree has. */
  void prune() throws IOException {
    for (Long at : List.copyOf(staleAt.headSet(storedHeight - RETAINED_BLOCKS, true))) {
      Datastore.Batch batch = new Datastore.Batch();
      byte[] row = datastore.get(staleKey(at));
      if (row != null) {
        nodeKeys(row).forEach(key -> batch.delete(nodeKey(key)));
        batch.delete(staleKey(at));
        datastore.write(batch, false);
      }
      staleAt.remove(at);
    }
  }

  private static List<NodeKey> nodeKeys(byte[] row) throws DecodeException {
    Reader from = new Reader(row);
    List<NodeKey> keys = new ArrayList<>();
    while (from.left() > 0) {
      keys.add(NodeKey.decode(from.bytes16(64)));
    }
    return keys;
  }
}
