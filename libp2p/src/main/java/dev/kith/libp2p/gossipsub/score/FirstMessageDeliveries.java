package dev.kith.libp2p.gossipsub.score;

/**
 * P2, first message deliveries: a reward for valid messages that the peer brought first.
 *
 * @param weight at least 0; 0 turns it off
 * @param decay what is left of the counter after each decay interval
 * @param cap the most that is counted
 */
public record FirstMessageDeliveries(double weight, double decay, double cap) {
  public FirstMessageDeliveries {
    Check.reward(weight);
    Check.decay(decay);
    Check.notNegative("cap", cap);
  }

  double counted(double counter) {
    return Math.min(cap, counter + 1);
  }

  double score(double counter) {
    return weight * counter;
  }
}
