package dev.kith.libp2p.gossipsub.score;

import java.time.Duration;

/**
 * P3, mesh message delivery rate: a penalty for peers in the mesh that bring less than is expected.
 * What is expected depends on the topic's traffic, so it is off by default.
 *
 * @param weight at most 0; 0 turns it off
 * @param decay what is left of the counter after each decay interval
 * @param threshold the deliveries, first or near first, below which a peer is penalised
 * @param cap the most that is counted, at least {@code threshold}
 * @param activation the time in the mesh before it applies
 * @param window how long after a message was validated a copy of it still counts as near first; a
 *     few milliseconds, or a peer could earn by sending back what it got
 */
public record MeshMessageDeliveries(
    double weight,
    double decay,
    double threshold,
    double cap,
    Duration activation,
    Duration window) {
  public MeshMessageDeliveries {
    Check.penalty(weight);
    Check.decay(decay);
    Check.notNegative("threshold", threshold);
    Check.notNegative("activation", activation);
    Check.notNegative("window", window);
    if (!(cap >= threshold)) {
      throw new IllegalArgumentException("cap: " + cap + " is below the threshold");
    }
  }

  /** For topics whose traffic nobody can tell. */
  public static final MeshMessageDeliveries OFF =
      new MeshMessageDeliveries(0, 0.5, 0, 0, Duration.ZERO, Duration.ofMillis(10));

  double counted(double counter) {
    return Math.min(cap, counter + 1);
  }

  /** The square of what is missing; 0 while it does not apply. */
  double deficit(double counter, long inMeshNanos) {
    boolean applies = weight < 0 && inMeshNanos > activation.toNanos() && counter < threshold;
    return applies ? (threshold - counter) * (threshold - counter) : 0;
  }

  double score(double counter, long inMeshNanos) {
    return weight * deficit(counter, inMeshNanos);
  }
}
