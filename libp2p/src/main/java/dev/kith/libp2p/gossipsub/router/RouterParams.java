package dev.kith.libp2p.gossipsub.router;

import dev.kith.libp2p.gossipsub.score.ScoreParams;
import dev.kith.libp2p.gossipsub.score.ScoreThresholds;
import dev.kith.libp2p.identity.PeerId;
import java.util.Objects;
import java.util.Set;

/**
 * How the router works.
 *
 * @param floodPublish whether own messages go to all peers of a topic, so that no mesh can hold
 *     them back
 * @param peerExchange whether pruned peers are told of others, and peers that are told of here are
 *     dialled
 * @param offeredPeers how many peers are told of, and dialled, for one PRUNE
 * @param directPeers peers that are always connected and get everything; they must have this one in
 *     their lists too
 * @param checksMax messages whose signature or validation is under way; further ones are dropped
 * @param checksBytesMax what they may take together
 */
public record RouterParams(
    MeshParams mesh,
    GossipParams gossip,
    ScoreParams scores,
    ScoreThresholds thresholds,
    boolean floodPublish,
    boolean peerExchange,
    int offeredPeers,
    Set<PeerId> directPeers,
    int checksMax,
    long checksBytesMax) {
  public RouterParams {
    Objects.requireNonNull(mesh, "mesh");
    Objects.requireNonNull(gossip, "gossip");
    Objects.requireNonNull(scores, "scores");
    Objects.requireNonNull(thresholds, "thresholds");
    directPeers = Set.copyOf(directPeers);
    if (offeredPeers < 0 || offeredPeers > 64) {
      throw new IllegalArgumentException("offeredPeers: " + offeredPeers);
    }
    if (checksMax < 1 || checksBytesMax < 1) {
      throw new IllegalArgumentException("checksMax, checksBytesMax: at least 1");
    }
  }

  public static RouterParams defaults() {
    return new RouterParams(
        MeshParams.defaults(),
        GossipParams.defaults(),
        ScoreParams.defaults(),
        ScoreThresholds.defaults(),
        true,
        false,
        16,
        Set.of(),
        1_024,
        64L << 20);
  }

  public RouterParams withMesh(MeshParams value) {
    return new RouterParams(
        value,
        gossip,
        scores,
        thresholds,
        floodPublish,
        peerExchange,
        offeredPeers,
        directPeers,
        checksMax,
        checksBytesMax);
  }

  public RouterParams withGossip(GossipParams value) {
    return new RouterParams(
        mesh,
        value,
        scores,
        thresholds,
        floodPublish,
        peerExchange,
        offeredPeers,
        directPeers,
        checksMax,
        checksBytesMax);
  }

  public RouterParams withScores(ScoreParams params, ScoreThresholds limits) {
    return new RouterParams(
        mesh,
        gossip,
        params,
        limits,
        floodPublish,
        peerExchange,
        offeredPeers,
        directPeers,
        checksMax,
        checksBytesMax);
  }

  public RouterParams withFloodPublish(boolean value) {
    return new RouterParams(
        mesh,
        gossip,
        scores,
        thresholds,
        value,
        peerExchange,
        offeredPeers,
        directPeers,
        checksMax,
        checksBytesMax);
  }

  public RouterParams withPeerExchange(boolean value) {
    return new RouterParams(
        mesh,
        gossip,
        scores,
        thresholds,
        floodPublish,
        value,
        offeredPeers,
        directPeers,
        checksMax,
        checksBytesMax);
  }

  public RouterParams withDirectPeers(Set<PeerId> value) {
    return new RouterParams(
        mesh,
        gossip,
        scores,
        thresholds,
        floodPublish,
        peerExchange,
        offeredPeers,
        value,
        checksMax,
        checksBytesMax);
  }
}
