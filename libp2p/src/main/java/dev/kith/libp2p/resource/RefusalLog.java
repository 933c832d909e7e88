package dev.kith.libp2p.resource;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Says of which refusals to write a line: the first of each culprit in a minute. Those that follow
 * are counted, and the count comes with the next line. Thread-safe.
 */
public final class RefusalLog {
  /** Culprits that are told apart; beyond, they share one entry. */
  static final int CULPRITS_MAX = 1_024;

  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Map<Object, Entry> entries = new HashMap<>();

  private static final class Entry {
    private final long since;
    private long kept;

    private Entry(long since) {
      this.since = since;
    }
  }

  /**
   * The line to write, if any.
   *
   * @param now nanoseconds of any monotonic clock
   */
  public synchronized Optional<String> line(Refusal refusal, long now) {
    Object culprit =
        refusal.peer().<Object>map(peer -> peer).or(refusal::subnet).orElse(refusal.scope());
    if (!entries.containsKey(culprit) && entries.size() >= CULPRITS_MAX) {
      entries.values().removeIf(entry -> now - entry.since >= QUIET_NANOS);
      culprit = entries.size() >= CULPRITS_MAX ? "others" : culprit;
    }
    Entry entry = entries.get(culprit);
    if (entry != null && now - entry.since < QUIET_NANOS) {
      entry.kept++;
      return Optional.empty();
    }
    entries.put(culprit, new Entry(now));
    return Optional.of(
        entry == null || entry.kept == 0
            ? refusal.toString()
            : refusal + " (and " + entry.kept + " times since the last line of it)");
  }
}
