package dev.kith.ledger.replica;

import dev.kith.ledger.record.Batch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Batches with good signatures that are not final yet, oldest first, and some that became final
 * lately, for validators that still ask. Thread-safe and bounded.
 */
final class BatchPool {
  static final int BATCHES_MAX = 4_096;
  static final int BYTES_MAX = 16 << 20;
  private static final int RECENT_BYTES_MAX = 4 << 20;

  private final Map<Bytes32, Pooled> pooled = new LinkedHashMap<>();
  private final Map<Bytes32, Batch> recent = new LinkedHashMap<>();
  private int bytes;
  private int recentBytes;
  private int records;
  private long version;

  /** Takes a batch; returns whether it is new here and there was room. */
  synchronized boolean add(Batch batch, long nowMillis) {
    int size = batch.encoded().size();
    if (pooled.containsKey(batch.digest())
        || pooled.size() >= BATCHES_MAX
        || bytes + size > BYTES_MAX) {
      return false;
    }
    pooled.put(batch.digest(), new Pooled(batch, nowMillis));
    bytes += size;
    records += batch.facts().size();
    version++;
    return true;
  }

  synchronized boolean full() {
    return pooled.size() >= BATCHES_MAX || bytes > BYTES_MAX - Batch.BYTES_MAX;
  }

  synchronized boolean contains(Bytes32 digest) {
    return pooled.containsKey(digest) || recent.containsKey(digest);
  }

  synchronized Optional<Batch> get(Bytes32 digest) {
    Pooled found = pooled.get(digest);
    return Optional.ofNullable(found == null ? recent.get(digest) : found.batch);
  }

  /** Forgets a batch that can no longer have an effect. */
  synchronized void drop(Bytes32 digest) {
    Pooled gone = pooled.remove(digest);
    if (gone != null) {
      bytes -= gone.batch.encoded().size();
      records -= gone.batch.facts().size();
      version++;
    }
  }

  /** A batch became final: it waits no longer, and is kept for a while. */
  synchronized void finalized(Batch batch) {
    drop(batch.digest());
    keep(batch);
  }

  /** Keeps a batch for a while, without its waiting for a block. */
  synchronized void keep(Batch batch) {
    if (recent.put(batch.digest(), batch) == null) {
      recentBytes += batch.encoded().size();
    }
    var oldest = recent.entrySet().iterator();
    while (recentBytes > RECENT_BYTES_MAX && oldest.hasNext()) {
      recentBytes -= oldest.next().getValue().encoded().size();
      oldest.remove();
    }
  }

  /** The waiting batches that are not among these, oldest first. */
  synchronized List<Batch> except(Set<Bytes32> taken) {
    List<Batch> batches = new ArrayList<>();
    for (Pooled waiting : pooled.values()) {
      if (!taken.contains(waiting.batch.digest())) {
        batches.add(waiting.batch);
      }
    }
    return batches;
  }

  /** Whether a batch waits that is not among these. */
  synchronized boolean anyExcept(Set<Bytes32> taken) {
    return pooled.keySet().stream().anyMatch(digest -> !taken.contains(digest));
  }

  /** Digests that have waited since before a moment, at most {@code limit}. */
  synchronized List<Bytes32> olderThan(long moment, int limit) {
    return pooled.values().stream()
        .filter(waiting -> waiting.sinceMillis < moment)
        .limit(limit)
        .map(waiting -> waiting.batch.digest())
        .toList();
  }

  /** Changes with the set of waiting batches. */
  synchronized long version() {
    return version;
  }

  /** Records that wait. */
  synchronized int records() {
    return records;
  }

  private record Pooled(Batch batch, long sinceMillis) {}
}
