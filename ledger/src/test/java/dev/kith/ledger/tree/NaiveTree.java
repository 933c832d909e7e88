package dev.kith.ledger.tree;

import dev.kith.ledger.codec.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** What the root should be, straight from the definition and from nothing, each time. */
final class NaiveTree {
  private record Leaf(Bytes32 key, Bytes32 hash) {
    boolean bit(int depth) {
      return ((key.get(depth / 8) >> (7 - depth % 8)) & 1) == 1;
    }
  }

  private NaiveTree() {}

  static Bytes32 root(Map<Bytes, Bytes> rows) {
    List<Leaf> leaves = new ArrayList<>();
    rows.forEach(
        (key, value) -> {
          Bytes32 hashed = Hash.sha256(key);
          leaves.add(new Leaf(hashed, Hash.sha256(Bytes.of(0), hashed, Hash.sha256(value))));
        });
    return root(leaves, 0);
  }

  private static Bytes32 root(List<Leaf> leaves, int depth) {
    if (leaves.isEmpty()) {
      return Bytes32.ZERO;
    }
    if (leaves.size() == 1) {
      return leaves.getFirst().hash();
    }
    List<Leaf> left = leaves.stream().filter(leaf -> !leaf.bit(depth)).toList();
    List<Leaf> right = leaves.stream().filter(leaf -> leaf.bit(depth)).toList();
    return Hash.sha256(Bytes.of(1), root(left, depth + 1), root(right, depth + 1));
  }
}
