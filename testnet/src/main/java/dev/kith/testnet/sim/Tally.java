package dev.kith.testnet.sim;

import java.util.EnumMap;
import java.util.Map;

/** How often things happened. Not thread-safe. */
public final class Tally {
  private final EnumMap<Happened, Long> counts = new EnumMap<>(Happened.class);

  void add(Happened what) {
    counts.merge(what, 1L, Long::sum);
  }

  void add(Tally other) {
    other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
  }

  /** Of everything that there is, also of what never happened. */
  public Map<Happened, Long> counts() {
    EnumMap<Happened, Long> all = new EnumMap<>(Happened.class);
    for (Happened what : Happened.values()) {
      all.put(what, counts.getOrDefault(what, 0L));
    }
    return all;
  }
}
