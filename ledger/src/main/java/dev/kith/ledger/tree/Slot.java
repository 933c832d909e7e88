package dev.kith.ledger.tree;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.jspecify.annotations.Nullable;

/**
 * What stands at one of a node's sixteen places, or at the root; nothing is null. A leaf stands in
 * the lowest node that it shares with others, so it needs no node of its own.
 */
sealed interface Slot {
  byte[] hash();

  /** A lone key in its part of the tree. */
  final class Leaf implements Slot {
    final byte[] key;
    final byte[] valueHash;
    private final byte[] hash;

    Leaf(byte[] key, byte[] valueHash, TreeHash hashes) {
      this.key = key;
      this.valueHash = valueHash;
      hash = hashes.leaf(key, valueHash);
    }

    @Override
    public byte[] hash() {
      return hash;
    }
  }

  /** Two keys or more. */
  final class Inner implements Slot {
    final long version;
    private final byte[] hash;

    /**
     * Held while it is not stored, and for the upper levels. What is held and what is stored are
     * the same, so it does not matter who sees which.
     */
    volatile @Nullable Node node;

    Inner(long version, byte[] hash, @Nullable Node node) {
      this.version = version;
      this.hash = hash;
      this.node = node;
    }

    @Override
    public byte[] hash() {
      return hash;
    }
  }

  /** 0; or 1 ‖ key (32) ‖ hash of the value (32); or 2 ‖ version u64 ‖ hash (32). */
  static void write(@Nullable Slot slot, Writer to) {
    switch (slot) {
      case null -> to.u8(0);
      case Leaf leaf -> to.u8(1).raw(leaf.key).raw(leaf.valueHash);
      case Inner inner -> to.u8(2).u63(inner.version).raw(inner.hash);
    }
  }

  static @Nullable Slot read(Reader from, TreeHash hashes) throws DecodeException {
    int kind = from.u8();
    return switch (kind) {
      case 0 -> null;
      case 1 -> new Leaf(bytes(from), bytes(from), hashes);
      case 2 -> new Inner(from.u63(), bytes(from), null);
      default -> throw new DecodeException("no place of a node has the kind " + kind);
    };
  }

  private static byte[] bytes(Reader from) throws DecodeException {
    return from.fixed(TreeHash.BYTES).toArrayUnsafe();
  }
}
