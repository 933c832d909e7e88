package dev.kith.ledger.tree;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Sixteen places, and over them four levels of a binary tree: hash 1 is the top, hashes 2i and 2i +
 * 1 stand below hash i, and place p is where hash 16 + p would be. A part of it with one leaf in it
 * has the hash of the leaf, one with nothing has 32 zeros. Immutable.
 */
final class Node {
  static final int PLACES = 16;

  private static final int LEVELS = 4;

  private final @Nullable Slot[] slots;

  /** Of the levels above the places; 0 is not used, and null where it follows from one place. */
  private final byte[] @Nullable [] hashes;

  private final int filled;
  private final int leaves;

  Node(@Nullable Slot[] slots, TreeHash hasher) {
    this(slots, null, 0xFFFF, hasher);
  }

  /**
   * A node that differs from an older one.
   *
   * @param changed bit p is set where place p differs
   */
  Node(@Nullable Slot[] slots, @Nullable Node older, int changed, TreeHash hasher) {
    this.slots = slots;
    int some = 0;
    int lone = 0;
    for (int place = 0; place < PLACES; place++) {
      some |= slots[place] == null ? 0 : 1 << place;
      lone |= slots[place] instanceof Slot.Leaf ? 1 << place : 0;
    }
    filled = some;
    leaves = lone;
    hashes = new byte[PLACES] @Nullable [];
    for (int i = PLACES - 1; i > 0; i--) {
      if (older != null && (below(i) & changed) == 0) {
        hashes[i] = older.hashes[i];
      } else if (followsFromOne(i) == null) {
        hashes[i] = hasher.node(hash(2 * i), hash(2 * i + 1));
      }
    }
  }

  @Nullable Slot slot(int place) {
    return slots[place];
  }

  @Nullable Slot[] slots() {
    return slots.clone();
  }

  byte[] hash() {
    return hash(1);
  }

  /** The only thing in it, where that is a leaf: such a node should not be. */
  Slot.@Nullable Leaf loneLeaf() {
    return Integer.bitCount(filled) == 1 && leaves == filled
        ? (Slot.Leaf) slots[Integer.numberOfTrailingZeros(filled)]
        : null;
  }

  boolean empty() {
    return filled == 0;
  }

  /**
   * Walks from the top to a place, as far as there is more than one leaf.
   *
   * @param siblings gets what stands beside the way, top first
   */
  @Nullable Slot walk(int place, List<byte[]> siblings) {
    int way = PLACES + place;
    for (int level = LEVELS; level > 0; level--) {
      int inside = filled & below(way >> level);
      if (inside == 0) {
        return null;
      }
      if (Integer.bitCount(inside) == 1 && (inside & leaves) != 0) {
        return slots[Integer.numberOfTrailingZeros(inside)];
      }
      siblings.add(hash((way >> (level - 1)) ^ 1));
    }
    return slots[place];
  }

  private byte[] hash(int i) {
    if (i >= PLACES) {
      Slot slot = slots[i - PLACES];
      return slot == null ? TreeHash.EMPTY : slot.hash();
    }
    byte[] hash = hashes[i];
    if (hash == null) {
      hash = followsFromOne(i);
    }
    if (hash == null) {
      throw new IllegalStateException("hash " + i + " was not computed");
    }
    return hash;
  }

  /** The hash of a part with at most one leaf; null where there is more. */
  private byte @Nullable [] followsFromOne(int i) {
    int inside = filled & below(i);
    if (inside == 0) {
      return TreeHash.EMPTY;
    }
    boolean leaf = Integer.bitCount(inside) == 1 && (inside & leaves) != 0;
    return leaf ? hash(PLACES + Integer.numberOfTrailingZeros(inside)) : null;
  }

  /** The places under hash i, as bits. */
  private static int below(int i) {
    int level = Integer.numberOfLeadingZeros(i) - 27; // 4 at the top, 0 at the places
    int first = (i << level) - PLACES;
    return ((1 << (1 << level)) - 1) << first;
  }

  /** The sixteen places. */
  byte[] encode() {
    Writer to = new Writer(PLACES * (1 + 2 * TreeHash.BYTES));
    for (Slot slot : slots) {
      Slot.write(slot, to);
    }
    return to.toArray();
  }

  static Node decode(byte[] bytes, TreeHash hasher) throws DecodeException {
    return Reader.whole(
        Bytes.wrap(bytes),
        from -> {
          @Nullable Slot[] slots = new @Nullable Slot[PLACES];
          for (int place = 0; place < PLACES; place++) {
            slots[place] = Slot.read(from, hasher);
          }
          return new Node(slots, hasher);
        });
  }
}
