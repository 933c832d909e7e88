package dev.kith.libp2p.gossipsub.score;

/**
 * What a score costs a peer. Below 0 it is in no mesh and gets no peers offered.
 *
 * @param gossip below it no gossip goes to the peer, and its gossip is ignored; below 0
 * @param publish below it own messages do not go to the peer; at most {@code gossip}
 * @param graylist below it all that the peer says is ignored; below {@code publish}
 * @param acceptPeers at it or above peers that the peer offers are dialled; at least 0
 * @param opportunisticGraft where the median of a mesh is below it, better peers are added; at
 *     least 0
 */
public record ScoreThresholds(
    double gossip, double publish, double graylist, double acceptPeers, double opportunisticGraft) {
  public ScoreThresholds {
    if (!(gossip < 0)) {
      throw new IllegalArgumentException("gossip: " + gossip);
    }
    if (!(publish <= gossip)) {
      throw new IllegalArgumentException("publish: " + publish);
    }
    if (!(graylist < publish)) {
      throw new IllegalArgumentException("graylist: " + graylist);
    }
    Check.notNegative("acceptPeers", acceptPeers);
    Check.notNegative("opportunisticGraft", opportunisticGraft);
  }

  /** To go with {@link ScoreParams#defaults}. */
  public static ScoreThresholds defaults() {
    return new ScoreThresholds(-10, -50, -80, 10, 1);
  }
}
