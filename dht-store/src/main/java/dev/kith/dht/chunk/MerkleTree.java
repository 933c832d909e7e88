package dev.kith.dht.chunk;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The binary hash tree of RFC 6962, section 2.1: a leaf is SHA-256(0x00 ‖ data), an inner node
 * SHA-256(0x01 ‖ left ‖ right), and the left subtree is the largest full one. The prefix bytes keep
 * an inner node from passing for a leaf.
 *
 * <p>Leaf hashes lie one after another in one array of 32 bytes each.
 */
public final class MerkleTree {
  static final byte LEAF = 0;
  static final byte INNER = 1;

  private MerkleTree() {}

  /** Writes the hash of one leaf to {@code target}. */
  static void leaf(
      MessageDigest sha, byte[] data, int offset, int length, byte[] target, int targetOffset) {
    sha.update(LEAF);
    sha.update(data, offset, length);
    System.arraycopy(sha.digest(), 0, target, targetOffset, Sha256.BYTES);
  }

  /** The root over one or more leaf hashes. */
  public static Bytes32 root(byte[] leaves) {
    return Bytes32.wrap(root(Sha256.create(), leaves, 0, count(leaves)));
  }

  /** The root over values of 32 bytes, such as the ids of a group's chunks; zero where none. */
  public static Bytes32 rootOver(List<Bytes32> values) {
    if (values.isEmpty()) {
      return Bytes32.ZERO;
    }
    MessageDigest sha = Sha256.create();
    byte[] leaves = new byte[values.size() * Sha256.BYTES];
    for (int i = 0; i < values.size(); i++) {
      leaf(sha, values.get(i).toArrayUnsafe(), 0, Sha256.BYTES, leaves, i * Sha256.BYTES);
    }
    return root(leaves);
  }

  /**
   * The hashes that lead from the leaves [first, first + count) to the root, in the order in which
   * {@link #rootOf} takes them: those left of the range and right of it, as a walk from the root
   * meets them.
   */
  public static List<Bytes32> path(byte[] leaves, int first, int count) {
    int all = count(leaves);
    checkRange(all, first, count);
    List<Bytes32> path = new ArrayList<>();
    collect(Sha256.create(), leaves, 0, all, first, first + count, path);
    return List.copyOf(path);
  }

  /**
   * The root that these leaf hashes and this path lead to, for a tree of {@code all} leaves.
   *
   * @param range hashes of the leaves [first, first + range.length / 32)
   * @throws IllegalArgumentException when the path has not the length that such a tree needs
   */
  public static Bytes32 rootOf(byte[] range, int first, int all, List<Bytes32> path) {
    int count = count(range);
    checkRange(all, first, count);
    Rebuild rebuild = new Rebuild(range, first, path);
    byte[] root = rebuild.node(0, all, first + count);
    if (rebuild.used != path.size()) {
      throw new IllegalArgumentException("path: " + path.size() + " hashes");
    }
    return Bytes32.wrap(root);
  }

  /** The longest path that {@link #path} can return for a tree of this many leaves. */
  public static int pathLengthMax(int leaves) {
    // Two borders of a range, each crossing at most one sibling a level.
    return 2 * (Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, leaves - 1)));
  }

  private static int count(byte[] leaves) {
    if (leaves.length == 0 || leaves.length % Sha256.BYTES != 0) {
      throw new IllegalArgumentException("leaves: " + leaves.length + " bytes");
    }
    return leaves.length / Sha256.BYTES;
  }

  private static void checkRange(int all, int first, int count) {
    if (first < 0 || count < 1 || first > all - count) {
      throw new IllegalArgumentException("leaves " + first + " + " + count + " of " + all);
    }
  }

  /** The number of leaves of the left subtree: the largest power of two below {@code leaves}. */
  private static int split(int leaves) {
    return Integer.highestOneBit(leaves - 1);
  }

  private static byte[] root(MessageDigest sha, byte[] leaves, int from, int to) {
    if (to - from == 1) {
      return Arrays.copyOfRange(leaves, from * Sha256.BYTES, to * Sha256.BYTES);
    }
    int middle = from + split(to - from);
    return inner(sha, root(sha, leaves, from, middle), root(sha, leaves, middle, to));
  }

  private static byte[] inner(MessageDigest sha, byte[] left, byte[] right) {
    sha.update(INNER);
    sha.update(left);
    return sha.digest(right);
  }

  private static void collect(
      MessageDigest sha, byte[] leaves, int from, int to, int first, int end, List<Bytes32> path) {
    if (to <= first || from >= end) {
      path.add(Bytes32.wrap(root(sha, leaves, from, to)));
      return;
    }
    if (to - from == 1) {
      return;
    }
    int middle = from + split(to - from);
    collect(sha, leaves, from, middle, first, end, path);
    collect(sha, leaves, middle, to, first, end, path);
  }

  /** One walk over a tree of which only a range of leaves is known. */
  private static final class Rebuild {
    private final MessageDigest sha = Sha256.create();
    private final byte[] range;
    private final int first;
    private final List<Bytes32> path;
    private int used;

    Rebuild(byte[] range, int first, List<Bytes32> path) {
      this.range = range;
      this.first = first;
      this.path = path;
    }

    byte[] node(int from, int to, int end) {
      if (to <= first || from >= end) {
        if (used == path.size()) {
          throw new IllegalArgumentException("path: too short with " + used + " hashes");
        }
        return path.get(used++).toArrayUnsafe();
      }
      if (to - from == 1) {
        int offset = (from - first) * Sha256.BYTES;
        return Arrays.copyOfRange(range, offset, offset + Sha256.BYTES);
      }
      int middle = from + split(to - from);
      return inner(sha, node(from, middle, end), node(middle, to, end));
    }
  }
}
