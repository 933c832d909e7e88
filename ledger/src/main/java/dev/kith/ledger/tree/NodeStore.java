package dev.kith.ledger.tree;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where the nodes lie that a tree does not have in memory. Thread-safe. */
@FunctionalInterface
public interface NodeStore {
  /** The node's encoding, or null where it is not. */
  byte @Nullable [] get(NodeKey key) throws IOException;
}
