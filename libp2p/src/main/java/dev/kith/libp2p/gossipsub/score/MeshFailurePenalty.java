package dev.kith.libp2p.gossipsub.score;

/**
 * P3b, mesh message delivery failures: what P3 was when a peer was pruned sticks for a while, so
 * that it is not grafted again at once.
 *
 * @param weight at most 0; 0 turns it off
 * @param decay what is left of the counter after each decay interval
 */
public record MeshFailurePenalty(double weight, double decay) {
  public MeshFailurePenalty {
    Check.penalty(weight);
    Check.decay(decay);
  }

  double score(double counter) {
    return weight * counter;
  }
}
