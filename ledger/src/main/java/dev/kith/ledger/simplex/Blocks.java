package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.ChainPoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/** The blocks above the final one that this validator holds, and how far it got with each. */
final class Blocks {
  private final Map<Bytes32, Held> held = new HashMap<>();
  private ChainPoint head;

  Blocks(ChainPoint head) {
    this.head = head;
  }

  /** The newest block that was delivered. */
  ChainPoint head() {
    return head;
  }

  @Nullable Held get(Bytes32 digest) {
    return held.get(digest);
  }

  /** Keeps a block, where it may still become final. */
  @Nullable Held hold(Block block) {
    return block.view() > head.view()
        ? held.computeIfAbsent(block.digest(), digest -> new Held(block))
        : null;
  }

  /** The block as a parent, where it was executed. */
  @Nullable ChainPoint executedPoint(Bytes32 digest) {
    if (digest.equals(head.digest())) {
      return head;
    }
    Held block = held.get(digest);
    return block != null && block.stage == Stage.VALID ? block.block.point() : null;
  }

  /** The executed blocks from the head's child to this one; empty where one is missing. */
  List<Block> pathTo(Bytes32 digest) {
    Deque<Block> path = new ArrayDeque<>();
    Bytes32 next = digest;
    while (!next.equals(head.digest())) {
      Held block = held.get(next);
      if (block == null || block.stage != Stage.VALID) {
        return List.of();
      }
      path.addFirst(block.block);
      next = block.block.header().parentDigest();
    }
    return List.copyOf(path);
  }

  /** Moves the head and drops what can no longer become final. */
  void advance(ChainPoint newHead) {
    head = newHead;
    held.values().removeIf(block -> block.block.view() <= newHead.view());
  }

  /** How far a block got. */
  enum Stage {
    HELD,
    EXECUTING,
    VALID,
    INVALID
  }

  /** A block and how far it got. */
  static final class Held {
    final Block block;
    Stage stage = Stage.HELD;

    /** Whether the write-ahead log has it. */
    boolean persisted;

    Held(Block block) {
      this.block = block;
    }
  }
}
