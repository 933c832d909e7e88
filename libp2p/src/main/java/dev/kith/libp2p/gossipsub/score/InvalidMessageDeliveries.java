package dev.kith.libp2p.gossipsub.score;

/**
 * P4, invalid messages: a penalty by the square of their number, forged ones and those that a
 * validator rejected.
 *
 * @param weight at most 0; 0 turns it off
 * @param decay what is left of the counter after each decay interval
 */
public record InvalidMessageDeliveries(double weight, double decay) {
  public InvalidMessageDeliveries {
    Check.penalty(weight);
    Check.decay(decay);
  }

  double score(double counter) {
    return weight * counter * counter;
  }
}
