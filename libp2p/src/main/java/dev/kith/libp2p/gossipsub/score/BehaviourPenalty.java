package dev.kith.libp2p.gossipsub.score;

/**
 * P7, behavioural penalty: grafts within a back-off and broken promises, by the square of what
 * exceeds the threshold.
 *
 * @param weight at most 0; 0 turns it off
 * @param decay what is left of the counter after each decay interval
 * @param threshold how much is forgiven, as a lossy link looks like a little of it
 */
public record BehaviourPenalty(double weight, double decay, double threshold) {
  public BehaviourPenalty {
    Check.penalty(weight);
    Check.decay(decay);
    Check.notNegative("threshold", threshold);
  }

  double score(double counter) {
    double excess = Math.max(0, counter - threshold);
    return weight * excess * excess;
  }
}
