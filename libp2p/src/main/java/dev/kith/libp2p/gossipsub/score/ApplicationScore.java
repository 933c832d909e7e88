package dev.kith.libp2p.gossipsub.score;

import dev.kith.libp2p.identity.PeerId;
import java.util.function.ToDoubleFunction;

/**
 * P5, what the application thinks of a peer.
 *
 * @param weight at least 0; 0 turns it off
 * @param opinion any real number; called on the router's thread often, so it must be quick, must
 *     not block and must not throw
 */
public record ApplicationScore(double weight, ToDoubleFunction<PeerId> opinion) {
  /** No opinion of anybody. */
  public static final ApplicationScore NONE = new ApplicationScore(0, peer -> 0);

  public ApplicationScore {
    Check.reward(weight);
  }

  double score(PeerId peer) {
    return weight == 0 ? 0 : weight * opinion.applyAsDouble(peer);
  }
}
