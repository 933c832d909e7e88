package dev.kith.testnet.bench;

import dev.kith.ledger.tree.Change;
import dev.kith.ledger.tree.NodeKey;
import dev.kith.ledger.tree.NodeStore;
import dev.kith.ledger.tree.Saving;
import dev.kith.ledger.tree.Tree;
import dev.kith.ledger.tree.Update;
import dev.kith.libp2p.datastore.Datastore;
import dev.kith.libp2p.datastore.LevelDbDatastore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;

/**
 * The ledger's state tree: blocks of random changes to a tree of many rows in a LevelDB, which is
 * saved every ten blocks as a replica does it every second. The worst case, as no two blocks change
 * the same rows.
 */
public final class TreeBenchmark {
  private static final int CHANGES_A_BLOCK = 1_000;
  private static final int BLOCKS_A_SAVING = 10;
  private static final int ROW_BYTES = 150;

  private final Path folder;
  private final int rows;
  private final Duration time;
  private final Random random = new Random(1);

  /**
   * @param folder a new one, for the tree; the caller removes it
   * @param rows in the tree, at least 1
   * @param time for which it is measured, after it was made
   */
  public TreeBenchmark(Path folder, int rows, Duration time) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows: " + rows);
    }
    this.folder = folder;
    this.rows = rows;
    this.time = time;
  }

  /**
   * What was measured.
   *
   * @param updatesPerSecond on the chain's thread: hashing, and reading what is not in memory
   * @param savedPerSecond the same with the writing, which another thread does in a replica
   * @param proofsPerSecond made from the saved tree
   */
  public record Result(
      String machine,
      int rows,
      long updates,
      double updatesPerSecond,
      double savedPerSecond,
      double proofsPerSecond,
      int proofSiblings) {
    /** A table of one row. */
    public String markdown() {
      return machine
          + "\n\n| rows | updates | updates/s | with saving | proofs/s | siblings |\n"
          + "|---|---|---|---|---|---|\n"
          + String.format(
              Locale.ROOT,
              "| %,d | %,d | %,.0f | %,.0f | %,.0f | %d |",
              rows,
              updates,
              updatesPerSecond,
              savedPerSecond,
              proofsPerSecond,
              proofSiblings);
    }
  }

  /** Makes the tree and measures. */
  public Result run() throws IOException {
    try (LevelDbDatastore datastore = LevelDbDatastore.open(folder)) {
      NodeStore nodes = key -> datastore.get(key.encode().toArrayUnsafe());
      Tree tree = Tree.empty(nodes);
      long version = 0;
      for (int from = 0; from < rows; from += 50_000) {
        List<Change> changes = new ArrayList<>();
        for (int row = from; row < Math.min(rows, from + 50_000); row++) {
          changes.add(change(row));
        }
        tree = tree.update(version++, changes).tree();
        save(datastore, tree, version - 2, List.of());
      }
      return measure(datastore, tree, version);
    }
  }

  private Result measure(Datastore datastore, Tree made, long firstVersion) throws IOException {
    Tree tree = made;
    long version = firstVersion;
    long updateNanos = 0;
    long saveNanos = 0;
    while (updateNanos + saveNanos < time.toNanos()) {
      long stored = version - 1;
      List<NodeKey> replaced = new ArrayList<>();
      for (int block = 0; block < BLOCKS_A_SAVING; block++) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < CHANGES_A_BLOCK; i++) {
          changes.add(change(random.nextInt(rows)));
        }
        long start = System.nanoTime();
        Update update = tree.update(version++, changes);
        updateNanos += System.nanoTime() - start;
        tree = update.tree();
        update.replaced().stream().filter(key -> key.version() <= stored).forEach(replaced::add);
      }
      long start = System.nanoTime();
      save(datastore, tree, stored, replaced);
      saveNanos += System.nanoTime() - start;
    }
    long updates = (version - firstVersion) * CHANGES_A_BLOCK;
    int siblings = 0;
    int proofs = 2_000;
    long start = System.nanoTime();
    for (int i = 0; i < proofs; i++) {
      siblings = Math.max(siblings, tree.prove(key(random.nextInt(rows))).siblings().size());
    }
    double proofSeconds = (System.nanoTime() - start) / 1e9;
    return new Result(
        MachineDetails.here().sentence(),
        rows,
        updates,
        updates / (updateNanos / 1e9),
        updates / ((updateNanos + saveNanos) / 1e9),
        proofs / proofSeconds,
        siblings);
  }

  private static void save(Datastore datastore, Tree tree, long stored, List<NodeKey> replaced)
      throws IOException {
    Datastore.Batch batch = new Datastore.Batch();
    Saving saving = tree.save(stored);
    saving.write((key, node) -> batch.put(key.encode().toArrayUnsafe(), node));
    replaced.forEach(key -> batch.delete(key.encode().toArrayUnsafe()));
    datastore.write(batch, false);
    saving.stored();
  }

  private Change change(int row) {
    byte[] value = new byte[ROW_BYTES];
    random.nextBytes(value);
    return new Change(key(row), Optional.of(Bytes.wrap(value)));
  }

  private static Bytes key(int row) {
    return Bytes.concatenate(Bytes.of('g'), Bytes.ofUnsignedInt(row), Bytes.wrap(new byte[28]));
  }
}
