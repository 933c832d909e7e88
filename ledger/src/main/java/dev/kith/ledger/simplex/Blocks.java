package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.ChainPoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * The blocks above the final one that this validator holds, and how far it got with each; and those
 * of late, for others who ask. Only blocks that a leader signed or that were asked for get in, so
 * nobody can push them out.
 */
final class Blocks {
  /** Views below the final one of which blocks and certificates are kept, for others who ask. */
  static final int RETAINED_VIEWS = 64;

  private final Map<Bytes32, Held> held = new HashMap<>();
  private final Map<Bytes32, Block> past = new LinkedHashMap<>();
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

  /** Keeps a block; null where it cannot become final any more. */
  @Nullable Held hold(Block block) {
    if (block.view() > head.view()) {
      return held.computeIfAbsent(block.digest(), digest -> new Held(block));
    }
    retain(block);
    return null;
  }

  /** A block for another validator. */
  Optional<Block> find(Bytes32 digest) {
    Held block = held.get(digest);
    return Optional.ofNullable(block == null ? past.get(digest) : block.block);
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

  /** Moves the head; what can no longer become final is kept for a while, for others. */
  void advance(Block newHead) {
    head = newHead.point();
    List<Block> passed =
        held.values().stream()
            .map(block -> block.block)
            .filter(block -> block.view() <= head.view())
            .toList();
    passed.forEach(block -> held.remove(block.digest()));
    past.values().removeIf(block -> block.view() <= head.view() - RETAINED_VIEWS);
    passed.forEach(this::retain);
    retain(newHead);
  }

  private void retain(Block block) {
    if (block.view() > head.view() - RETAINED_VIEWS) {
      past.put(block.digest(), block);
    }
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
