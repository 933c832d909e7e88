package dev.kith.ledger.replica;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.record.Batch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Blocks that cannot be executed before their batches are here, and the asking for these. The
 * loop's thread owns it; any thread may call {@link #wants}.
 */
final class StarvedBlocks {
  private static final int AGAIN_MILLIS = 100;

  private final BatchPool pool;
  private final Mesh mesh;
  private final int self;
  private final Map<Bytes32, Block> starved = new LinkedHashMap<>();
  private volatile Set<Bytes32> missing = Set.of();
  private long againAt = Long.MAX_VALUE;

  StarvedBlocks(BatchPool pool, Mesh mesh, int self) {
    this.pool = pool;
    this.mesh = mesh;
    this.self = self;
  }

  /** Whether a block waits for this batch: then it is taken whatever it is worth by itself. */
  boolean wants(Bytes32 digest) {
    return missing.contains(digest);
  }

  /** The batches of a block, if all of them are here. */
  Optional<List<Batch>> batches(Block block) {
    List<Batch> batches = new ArrayList<>(block.batches().size());
    for (var ref : block.batches()) {
      Optional<Batch> batch = pool.get(ref.digest());
      if (batch.isEmpty()) {
        return Optional.empty();
      }
      batches.add(batch.get());
    }
    return Optional.of(batches);
  }

  /**
   * Has a block wait, and asks its proposer for what is missing.
   *
   * @param reachable validators that are worth asking
   */
  void add(Block block, List<Integer> reachable, long now) {
    starved.put(block.digest(), block);
    List<Bytes32> absent = absent(block);
    Set<Bytes32> all = new HashSet<>(missing);
    all.addAll(absent);
    missing = Set.copyOf(all);
    int proposer = block.header().proposer();
    if (proposer != self && reachable.contains(proposer)) {
      mesh.send(proposer, new MeshMessage.GetBatches(absent));
    } else {
      mesh.broadcast(new MeshMessage.GetBatches(absent));
    }
    againAt = Math.min(againAt, now + AGAIN_MILLIS);
  }

  /** When {@link #fed} is due. */
  long due() {
    return againAt;
  }

  /**
   * Takes out the blocks that can be executed now, and asks everybody for what the others lack.
   *
   * @param matters whether a block still does; others are forgotten
   */
  List<Block> fed(Predicate<Block> matters, long now) {
    if (starved.isEmpty()) {
      return List.of();
    }
    starved.values().removeIf(matters.negate());
    List<Block> complete =
        starved.values().stream().filter(block -> batches(block).isPresent()).toList();
    complete.forEach(block -> starved.remove(block.digest()));
    Set<Bytes32> all = new HashSet<>();
    for (Block block : starved.values()) {
      List<Bytes32> absent = absent(block);
      all.addAll(absent);
      if (now >= againAt) {
        mesh.broadcast(new MeshMessage.GetBatches(absent));
      }
    }
    missing = Set.copyOf(all);
    if (starved.isEmpty()) {
      againAt = Long.MAX_VALUE;
    } else if (now >= againAt) {
      againAt = now + AGAIN_MILLIS;
    }
    return complete;
  }

  private List<Bytes32> absent(Block block) {
    return block.batches().stream()
        .map(ref -> ref.digest())
        .filter(digest -> pool.get(digest).isEmpty())
        .distinct()
        .toList();
  }
}
