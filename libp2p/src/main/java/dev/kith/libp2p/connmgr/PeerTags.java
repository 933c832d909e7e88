package dev.kith.libp2p.connmgr;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What is known of one peer's value. */
final class PeerTags {
  /** Tags of one kind that a peer may have; the number of components that tag is small. */
  static final int TAGS_MAX = 32;

  private static final double VALUE_MAX = 1e6;

  private final Map<String, Integer> weights = new HashMap<>();
  private final Map<String, Fading> fading = new HashMap<>();
  private final Set<String> protections = new HashSet<>();

  private record Fading(double value, long since, long halfLifeNanos) {
    double at(long now) {
      return value * Math.pow(0.5, (double) Math.max(0, now - since) / halfLifeNanos);
    }
  }

  void tag(String tag, int weight) {
    if (weights.size() < TAGS_MAX || weights.containsKey(tag)) {
      weights.put(tag, weight);
    }
  }

  void untag(String tag) {
    weights.remove(tag);
    fading.remove(tag);
  }

  void bump(String tag, int delta, long halfLifeNanos, long now) {
    Fading old = fading.get(tag);
    if (old == null && fading.size() >= TAGS_MAX) {
      return;
    }
    double value = delta + (old == null ? 0 : old.at(now));
    fading.put(tag, new Fading(Math.clamp(value, -VALUE_MAX, VALUE_MAX), now, halfLifeNanos));
  }

  int value(long now) {
    double sum = 0;
    for (int weight : weights.values()) {
      sum += weight;
    }
    for (Fading tag : fading.values()) {
      sum += tag.at(now);
    }
    return (int) Math.round(sum);
  }

  void protect(String tag) {
    if (protections.size() < TAGS_MAX) {
      protections.add(tag);
    }
  }

  void unprotect(String tag) {
    protections.remove(tag);
  }

  boolean isProtected() {
    return !protections.isEmpty();
  }

  /** Forgets everything but protections. */
  void fade() {
    weights.clear();
    fading.clear();
  }

  boolean isEmpty() {
    return weights.isEmpty() && fading.isEmpty() && protections.isEmpty();
  }
}
