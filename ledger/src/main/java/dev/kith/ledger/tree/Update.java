package dev.kith.ledger.tree;

import java.util.List;

/**
 * A new version of a tree.
 *
 * @param replaced nodes of the tree before that are none of the new one's
 */
public record Update(Tree tree, List<NodeKey> replaced) {
  public Update {
    replaced = List.copyOf(replaced);
  }
}
