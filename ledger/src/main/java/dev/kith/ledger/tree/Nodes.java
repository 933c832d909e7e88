package dev.kith.ledger.tree;

import java.io.IOException;
import java.util.Arrays;

/** Finds nodes in memory, else in the store. Thread-safe. */
record Nodes(NodeStore store) {
  /**
   * Levels of nodes that stay in memory once they were read: at most 4,369 nodes of about 2 KiB,
   * through which every update goes.
   */
  static final int DEPTH_KEPT = 4;

  Node node(Slot.Inner slot, int depth, byte[] key, TreeHash hashes) throws IOException {
    Node held = slot.node;
    if (held != null) {
      return held;
    }
    NodeKey name = NodeKey.on(key, depth, slot.version);
    byte[] stored = store.get(name);
    if (stored == null) {
      throw new IOException("the state tree lacks " + name);
    }
    Node node = Node.decode(stored, hashes);
    if (!Arrays.equals(node.hash(), slot.hash())) {
      throw new IOException("the state tree is damaged at " + name);
    }
    if (depth < DEPTH_KEPT) {
      slot.node = node;
    }
    return node;
  }
}
