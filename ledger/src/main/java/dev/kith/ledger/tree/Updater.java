package dev.kith.ledger.tree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Applies a sorted list of changes in one descent: each node on the way is read once and hashed
 * once, however many of the changes lie below it. Used once, by one thread.
 */
final class Updater {
  private final Nodes nodes;
  private final long version;
  private final TreeHash hashes = new TreeHash();
  private final List<NodeKey> replaced = new ArrayList<>();
  private byte[][] keys = {};
  private Slot.@Nullable Leaf[] leaves = {};

  Updater(Nodes nodes, long version) {
    this.nodes = nodes;
    this.version = version;
  }

  List<NodeKey> replaced() {
    return replaced;
  }

  @Nullable Slot apply(@Nullable Slot root, List<Change> changes) throws IOException {
    // By hash; of two changes of one key the last counts.
    TreeMap<byte[], Slot.@Nullable Leaf> sorted = new TreeMap<>(Arrays::compareUnsigned);
    for (Change change : changes) {
      byte[] key = hashes.of(change.key());
      sorted.put(
          key,
          change.value().isPresent()
              ? new Slot.Leaf(key, hashes.of(change.value().get()), hashes)
              : null);
    }
    keys = new byte[sorted.size()][];
    leaves = new Slot.@Nullable Leaf[keys.length];
    int at = 0;
    for (Map.Entry<byte[], Slot.@Nullable Leaf> entry : sorted.entrySet()) {
      keys[at] = entry.getKey();
      leaves[at++] = entry.getValue();
    }
    return keys.length == 0 ? root : update(root, 0, 0, keys.length);
  }

  /** What stands at a place after the changes from..to, all of which lead there. */
  private @Nullable Slot update(@Nullable Slot slot, int depth, int from, int to)
      throws IOException {
    return switch (slot) {
      case null -> build(puts(from, to, null), depth);
      case Slot.Leaf leaf -> update(leaf, depth, from, to);
      case Slot.Inner inner -> update(inner, depth, from, to);
    };
  }

  private @Nullable Slot update(Slot.Leaf leaf, int depth, int from, int to) {
    List<Slot.Leaf> after = puts(from, to, leaf);
    boolean same =
        after.size() == 1
            && Arrays.equals(after.getFirst().key, leaf.key)
            && Arrays.equals(after.getFirst().valueHash, leaf.valueHash);
    return same ? leaf : build(after, depth);
  }

  private @Nullable Slot update(Slot.Inner inner, int depth, int from, int to) throws IOException {
    Node node = nodes.node(inner, depth, keys[from], hashes);
    @Nullable Slot[] slots = node.slots();
    int changed = 0;
    for (int first = from; first < to; ) {
      int place = nibble(keys[first], depth);
      int end = end(first, to, depth);
      Slot after = update(slots[place], depth + 1, first, end);
      if (after != slots[place]) {
        slots[place] = after;
        changed |= 1 << place;
      }
      first = end;
    }
    if (changed == 0) {
      return inner;
    }
    replaced.add(NodeKey.on(keys[from], depth, inner.version));
    Node after = new Node(slots, node, changed, hashes);
    Slot.Leaf lone = after.loneLeaf();
    if (lone != null || after.empty()) {
      return lone;
    }
    return new Slot.Inner(version, after.hash(), after);
  }

  /** The leaves that the changes from..to put, and an older one that they do not speak of. */
  private List<Slot.Leaf> puts(int from, int to, Slot.@Nullable Leaf older) {
    List<Slot.Leaf> puts = new ArrayList<>(to - from + 1);
    Slot.Leaf waiting = older;
    for (int i = from; i < to; i++) {
      if (waiting != null) {
        int order = Arrays.compareUnsigned(waiting.key, keys[i]);
        if (order < 0) {
          puts.add(waiting);
        }
        waiting = order <= 0 ? null : waiting;
      }
      Slot.Leaf leaf = leaves[i];
      if (leaf != null) {
        puts.add(leaf);
      }
    }
    if (waiting != null) {
      puts.add(waiting);
    }
    return puts;
  }

  /** A part of the tree with these leaves, by key, and nothing else. */
  private @Nullable Slot build(List<Slot.Leaf> all, int depth) {
    if (all.size() < 2) {
      return all.isEmpty() ? null : all.getFirst();
    }
    @Nullable Slot[] slots = new @Nullable Slot[Node.PLACES];
    for (int first = 0; first < all.size(); ) {
      int place = nibble(all.get(first).key, depth);
      int end = first + 1;
      while (end < all.size() && nibble(all.get(end).key, depth) == place) {
        end++;
      }
      slots[place] = build(all.subList(first, end), depth + 1);
      first = end;
    }
    Node node = new Node(slots, hashes);
    return new Slot.Inner(version, node.hash(), node);
  }

  private int end(int first, int to, int depth) {
    int place = nibble(keys[first], depth);
    int end = first + 1;
    while (end < to && nibble(keys[end], depth) == place) {
      end++;
    }
    return end;
  }

  static int nibble(byte[] key, int depth) {
    return (key[depth / 2] >> (depth % 2 == 0 ? 4 : 0)) & 0xF;
  }
}
