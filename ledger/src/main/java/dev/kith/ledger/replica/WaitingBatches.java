package dev.kith.ledger.replica;

import dev.kith.ledger.block.ChainPoint;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * Watches for batches that are in no block yet, and announces those that wait for long: they may
 * have reached nobody else. One thread.
 */
final class WaitingBatches {
  private static final int ANNOUNCE_AFTER_MILLIS = 300;

  private final BatchPool pool;
  private final StateChain chain;
  private final Mesh mesh;

  private Set<Bytes32> taken = new HashSet<>();
  private @Nullable ChainPoint takenUpTo;
  private long poolVersion = -1;
  private boolean present;
  private long announceAt = Long.MAX_VALUE;

  WaitingBatches(BatchPool pool, StateChain chain, Mesh mesh) {
    this.pool = pool;
    this.chain = chain;
    this.mesh = mesh;
  }

  /** Whether batches wait beyond the tip, where that has changed. */
  Optional<Boolean> reconsider(ChainPoint tip, long nowMillis) throws IOException {
    long version = pool.version();
    if (tip.equals(takenUpTo) && version == poolVersion) {
      return Optional.empty();
    }
    if (!tip.equals(takenUpTo)) {
      taken = chain.batchesUpTo(tip.digest());
      takenUpTo = tip;
    }
    poolVersion = version;
    boolean now = pool.anyExcept(taken);
    if (now == present) {
      return Optional.empty();
    }
    present = now;
    announceAt = now ? nowMillis + ANNOUNCE_AFTER_MILLIS : Long.MAX_VALUE;
    return Optional.of(now);
  }

  /** When {@link #announce} has something to do. */
  long announceAt() {
    return announceAt;
  }

  void announce(long nowMillis) {
    if (nowMillis >= announceAt) {
      announceAt = nowMillis + ANNOUNCE_AFTER_MILLIS;
      List<Bytes32> waiting =
          pool.olderThan(nowMillis - ANNOUNCE_AFTER_MILLIS, MeshMessage.DIGESTS_MAX);
      if (!waiting.isEmpty()) {
        mesh.broadcast(new MeshMessage.Have(waiting));
      }
    }
  }
}
