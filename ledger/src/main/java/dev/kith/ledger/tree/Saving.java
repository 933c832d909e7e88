package dev.kith.ledger.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nodes on their way to the store. One thread uses it. */
public final class Saving {
  private final List<Saved> nodes = new ArrayList<>();

  Saving() {}

  private record Saved(Slot.Inner slot, Node node, NodeKey key) {}

  /**
   * @param path to the slot; the nibbles after {@code depth} are overwritten
   */
  void gather(@Nullable Slot slot, byte[] path, int depth, long storedVersion) {
    if (!(slot instanceof Slot.Inner inner) || inner.version <= storedVersion) {
      return;
    }
    Node node = inner.node;
    if (node == null) {
      throw new IllegalStateException("a node was forgotten before it was stored");
    }
    nodes.add(new Saved(inner, node, NodeKey.on(path, depth, inner.version)));
    for (int place = 0; place < Node.PLACES; place++) {
      int pair = depth % 2 == 0 ? place << 4 : (path[depth / 2] & 0xF0) | place;
      path[depth / 2] = (byte) pair;
      gather(node.slot(place), path, depth + 1, storedVersion);
    }
  }

  public int size() {
    return nodes.size();
  }

  /** Hands every node to the store. */
  public void write(Sink sink) {
    nodes.forEach(saved -> sink.put(saved.key, saved.node.encode()));
  }

  /** Once all is stored: lets go of the lower levels, which can be read again. */
  public void stored() {
    for (Saved saved : nodes) {
      if (saved.key.depth() >= Nodes.DEPTH_KEPT) {
        saved.slot.node = null;
      }
    }
  }

  /** Takes encoded nodes. */
  @FunctionalInterface
  public interface Sink {
    void put(NodeKey key, byte[] node);
  }
}
