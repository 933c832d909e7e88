package dev.kith.ledger.tree;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * One version of the tree. Versions share what they have in common; what an update makes stays in
 * memory until a {@link Saving} wrote it, so versions between two savings never reach a disk.
 * Immutable and thread-safe.
 */
public final class Tree {
  private final Nodes nodes;
  private final @Nullable Slot root;

  private Tree(Nodes nodes, @Nullable Slot root) {
    this.nodes = nodes;
    this.root = root;
  }

  public static Tree empty(NodeStore store) {
    return new Tree(new Nodes(store), null);
  }

  /** A tree whose nodes are stored, by what {@link #encodeRoot} gave. */
  public static Tree stored(NodeStore store, Bytes root) throws DecodeException {
    TreeHash hashes = new TreeHash();
    Reader from = new Reader(root);
    Tree tree = new Tree(new Nodes(store), Slot.read(from, hashes));
    from.end();
    return tree;
  }

  /** All that is needed to find the stored tree again. */
  public Bytes encodeRoot() {
    Writer to = new Writer();
    Slot.write(root, to);
    return to.toBytes();
  }

  /** 32 zeros where there is nothing. */
  public Bytes32 root() {
    return Bytes32.wrap(root == null ? TreeHash.EMPTY.clone() : root.hash().clone());
  }

  /**
   * The tree after some changes; of two for one key the later counts.
   *
   * @param version of what this makes; higher than all versions that this tree was made by
   * @throws IOException when a node cannot be read
   */
  public Update update(long version, List<Change> changes) throws IOException {
    Updater updater = new Updater(nodes, version);
    Slot after = updater.apply(root, changes);
    return new Update(after == root ? this : new Tree(nodes, after), updater.replaced());
  }

  /**
   * Proves what stands under a key, or that nothing does.
   *
   * @throws IOException when a node cannot be read; also when it was pruned meanwhile
   */
  public TreeProof prove(Bytes key) throws IOException {
    TreeHash hashes = new TreeHash();
    byte[] hash = hashes.of(key);
    List<byte[]> siblings = new ArrayList<>();
    Slot slot = root;
    for (int depth = 0; slot instanceof Slot.Inner inner; depth++) {
      Node node = nodes.node(inner, depth, hash, hashes);
      slot = node.walk(Updater.nibble(hash, depth), siblings);
    }
    Optional<TreeProof.Leaf> leaf =
        slot instanceof Slot.Leaf found
            ? Optional.of(
                new TreeProof.Leaf(
                    Bytes32.wrap(found.key.clone()), Bytes32.wrap(found.valueHash.clone())))
            : Optional.empty();
    return new TreeProof(siblings.stream().map(Bytes32::wrap).toList(), leaf);
  }

  /**
   * Gathers the nodes that were made after a version and are not stored yet.
   *
   * @param storedVersion the version that the last saving wrote; -1 before the first
   */
  public Saving save(long storedVersion) {
    Saving saving = new Saving();
    saving.gather(root, new byte[TreeHash.BYTES], 0, storedVersion);
    return saving;
  }
}
