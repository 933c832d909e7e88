package dev.kith.libp2p.gossipsub.score;

import java.time.Duration;

/**
 * P1, time in mesh: a small reward, so that peers in the mesh are not pruned for newcomers.
 *
 * @param weight at least 0; 0 turns it off
 * @param quantum the time that is worth one point, positive
 * @param cap the most points
 */
public record TimeInMesh(double weight, Duration quantum, double cap) {
  public TimeInMesh {
    Check.reward(weight);
    Check.notNegative("cap", cap);
    if (quantum.isNegative() || quantum.isZero()) {
      throw new IllegalArgumentException("quantum: " + quantum);
    }
  }

  double score(long inMeshNanos) {
    long quanta = inMeshNanos / quantum.toNanos(); // whole ones only
    return weight * Math.min(cap, (double) quanta);
  }
}
