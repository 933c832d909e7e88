package dev.kith.ledger.codec;

import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Merkle trees over SHA-256 as in RFC 6962: a leaf is H(0 ‖ data), a node H(1 ‖ left ‖ right), the
 * tree of nothing is H(). The prefixes keep a node from being passed off as a leaf; a level's odd
 * last entry moves up as it is, so that no two lists have one root.
 */
public final class Merkle {
  private static final Bytes LEAF = Bytes.of(0);
  private static final Bytes NODE = Bytes.of(1);

  private Merkle() {}

  /** The root over the leaves, in order. */
  public static Bytes32 root(List<? extends Bytes> leaves) {
    if (leaves.isEmpty()) {
      return Hash.sha256();
    }
    List<Bytes32> level = hashed(leaves);
    while (level.size() > 1) {
      level = above(level);
    }
    return level.getFirst();
  }

  /** The siblings that lead from a leaf to the root, lowest first. */
  public static List<Bytes32> path(List<? extends Bytes> leaves, int index) {
    List<Bytes32> path = new ArrayList<>();
    List<Bytes32> level = hashed(leaves);
    for (int i = index; level.size() > 1; i >>= 1, level = above(level)) {
      if ((i ^ 1) < level.size()) {
        path.add(level.get(i ^ 1));
      }
    }
    return path;
  }

  /** Whether {@code path} leads from the leaf at {@code index} of {@code count} to the root. */
  public static boolean leads(
      Bytes leaf, long index, long count, List<Bytes32> path, Bytes32 root) {
    if (index < 0 || index >= count) {
      return false;
    }
    Bytes32 hash = leaf(leaf);
    int used = 0;
    long i = index;
    for (long width = count; width > 1; width = (width + 1) >> 1, i >>= 1) {
      if ((i ^ 1) < width) {
        if (used == path.size()) {
          return false;
        }
        Bytes32 sibling = path.get(used++);
        hash = (i & 1) == 0 ? node(hash, sibling) : node(sibling, hash);
      }
    }
    return used == path.size() && hash.equals(root);
  }

  private static List<Bytes32> hashed(List<? extends Bytes> leaves) {
    List<Bytes32> level = new ArrayList<>(leaves.size());
    for (Bytes leaf : leaves) {
      level.add(leaf(leaf));
    }
    return level;
  }

  private static List<Bytes32> above(List<Bytes32> level) {
    List<Bytes32> next = new ArrayList<>((level.size() + 1) / 2);
    for (int i = 0; i < level.size(); i += 2) {
      next.add(i + 1 < level.size() ? node(level.get(i), level.get(i + 1)) : level.get(i));
    }
    return next;
  }

  /** The hash of a leaf. */
  public static Bytes32 leaf(Bytes data) {
    return Hash.sha256(LEAF, data);
  }

  /** The hash of a node. */
  public static Bytes32 node(Bytes32 left, Bytes32 right) {
    return Hash.sha256(NODE, left, right);
  }
}
