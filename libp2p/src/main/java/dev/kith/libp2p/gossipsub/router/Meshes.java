package dev.kith.libp2p.gossipsub.router;

import dev.kith.libp2p.gossipsub.wire.RpcPart.Graft;
import dev.kith.libp2p.gossipsub.wire.RpcPart.OfferedPeer;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Prune;
import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The meshes of the topics that were joined: who is grafted and pruned (gossipsub 1.0 mesh
 * maintenance; 1.1 back-off, quotas, scores).
 */
final class Meshes {
  private final RouterState state;
  private final MeshParams params;
  private final Function<PeerId, Optional<Bytes>> signedRecords;
  private final Map<String, Set<PeerState>> meshes = new LinkedHashMap<>();
  private final Backoffs backoffs = new Backoffs();

  /** A pruned peer waits two heartbeats longer than it must, as clocks and links differ. */
  private final long slackNanos;

  Meshes(RouterState state, Function<PeerId, Optional<Bytes>> signedRecords) {
    this.state = state;
    this.params = state.params.mesh();
    this.signedRecords = signedRecords;
    this.slackNanos = 2 * params.heartbeat().toNanos();
  }

  Set<String> topics() {
    return meshes.keySet();
  }

  boolean joined(String topic) {
    return meshes.containsKey(topic);
  }

  /** The mesh of a topic; empty where it was not joined. */
  Set<PeerState> mesh(String topic) {
    return meshes.getOrDefault(topic, Set.of());
  }

  /** Joins a topic, with the peers that were published to so far in the first place. */
  void join(String topic, Set<PeerState> fanout) {
    Set<PeerState> mesh = new LinkedHashSet<>();
    meshes.put(topic, mesh);
    state.draw(fanout, params.degree(), p -> graftable(topic, p)).forEach(p -> graft(topic, p));
    fill(topic, params.degree() - mesh.size(), peer -> graftable(topic, peer));
  }

  void leave(String topic) {
    Set<PeerState> mesh = meshes.getOrDefault(topic, Set.of());
    for (PeerState peer : List.copyOf(mesh)) {
      prune(topic, peer, params.unsubscribeBackoff(), false);
    }
    meshes.remove(topic);
  }

  /** The peer is gone, or wants nothing of the topic any more. */
  void forget(String topic, PeerState peer) {
    Set<PeerState> mesh = meshes.get(topic);
    if (mesh != null && mesh.remove(peer)) {
      state.scores.pruned(peer.id, topic);
    }
  }

  /** The peer wants messages of a topic: a thin mesh does not wait for the next heartbeat. */
  void subscribed(String topic, PeerState peer) {
    Set<PeerState> mesh = meshes.get(topic);
    if (mesh != null && mesh.size() < params.degreeLow() && graftable(topic, peer)) {
      graft(topic, peer);
    }
  }

  private boolean graftable(String topic, PeerState peer) {
    return !peer.direct
        && !mesh(topic).contains(peer)
        && backoffs.get(topic, peer.id, state.now, slackNanos) == null
        && state.score(peer) >= 0;
  }

  private void graft(String topic, PeerState peer) {
    add(topic, peer);
    state.send(peer, new Graft(topic));
  }

  private void add(String topic, PeerState peer) {
    if (mesh(topic).add(peer)) {
      state.scores.grafted(peer.id, topic, state.now);
    }
  }

  private void fill(String topic, int count, Predicate<PeerState> fits) {
    state.draw(state.subscribers(topic), count, fits).forEach(peer -> graft(topic, peer));
  }

  private void prune(String topic, PeerState peer, Duration backoff, boolean offerPeers) {
    forget(topic, peer);
    backoffs.add(topic, peer.id, state.now, backoff.toNanos());
    boolean knowsBackoff = peer.version.atLeast(Version.V1_1);
    boolean offer = offerPeers && knowsBackoff && state.params.peerExchange();
    state.send(
        peer,
        new Prune(
            topic,
            knowsBackoff ? Optional.of(backoff) : Optional.empty(),
            offer ? others(topic, peer) : List.of()));
  }

  private List<OfferedPeer> others(String topic, PeerState pruned) {
    return state
        .draw(
            state.subscribers(topic),
            state.params.offeredPeers(),
            peer -> peer != pruned && state.score(peer) >= 0)
        .stream()
        .map(peer -> new OfferedPeer(peer.id, signedRecords.apply(peer.id)))
        .toList();
  }

  /** The peer put us into its mesh. */
  void onGraft(PeerState peer, String topic) {
    Set<PeerState> mesh = meshes.get(topic);
    if (mesh == null || mesh.contains(peer)) {
      return; // an answer for any topic would let peers make us send without end
    }
    state.subscribe(peer, topic); // it does want messages, whatever became of its subscription
    if (peer.direct) {
      prune(topic, peer, params.pruneBackoff(), false);
      return;
    }
    Backoffs.Backoff backoff = backoffs.get(topic, peer.id, state.now, 0);
    if (backoff != null) {
      boolean flood = state.now - backoff.sinceNanos() < params.graftFlood().toNanos();
      state.scores.penalise(peer.id, flood ? 2 : 1);
      prune(topic, peer, params.pruneBackoff(), false);
    } else if (state.score(peer) < 0) {
      prune(topic, peer, params.pruneBackoff(), false);
    } else if (mesh.size() >= params.degreeHigh() && !peer.outbound) {
      prune(topic, peer, params.pruneBackoff(), true); // only dialled peers may crowd a mesh
    } else {
      add(topic, peer);
    }
  }

  /** The peer took us out of its mesh. */
  void onPrune(PeerState peer, Prune prune) {
    String topic = prune.topic();
    if (!joined(topic)) {
      return;
    }
    forget(topic, peer);
    Duration backoff = prune.backoff().orElse(params.pruneBackoff());
    backoffs.add(topic, peer.id, state.now, backoff.toNanos());
    if (state.params.peerExchange()
        && state.score(peer) >= state.params.thresholds().acceptPeers()) {
      List<OfferedPeer> offered = new ArrayList<>(prune.peers());
      state.shuffle(offered);
      offered.stream()
          .filter(
              other -> !state.peers.containsKey(other.peer()) && !other.peer().equals(state.self))
          .limit(state.params.offeredPeers())
          .forEach(
              other ->
                  state.decide(
                      new Decision.DialOffered(other.peer(), other.signedRecord(), peer.id)));
    }
  }

  void expireBackoffs() {
    backoffs.expire(state.now, slackNanos);
  }

  /** One round of upkeep for a topic. */
  void maintain(String topic, boolean graftOpportunistically) {
    Set<PeerState> mesh = mesh(topic);
    for (PeerState peer : List.copyOf(mesh)) {
      if (state.score(peer) < 0) {
        prune(topic, peer, params.pruneBackoff(), false);
      }
    }
    if (mesh.size() < params.degreeLow()) {
      fill(topic, params.degree() - mesh.size(), peer -> graftable(topic, peer));
    } else if (mesh.size() >= params.degreeHigh() && mesh.size() > params.degree()) {
      shrink(topic, mesh);
    }
    if (mesh.size() >= params.degreeLow()) {
      long outbound = mesh.stream().filter(peer -> peer.outbound).count();
      fill(
          topic,
          params.degreeOut() - (int) outbound,
          peer -> peer.outbound && graftable(topic, peer));
    }
    if (graftOpportunistically && mesh.size() > 1) {
      improve(topic, mesh);
    }
  }

  /** Keeps the best, some at random, and enough of those that were dialled from here. */
  private void shrink(String topic, Set<PeerState> mesh) {
    List<PeerState> ordered = new ArrayList<>(mesh);
    state.shuffle(ordered); // before a stable sort: equal scores are no order
    sortByScore(ordered);
    state.shuffle(ordered.subList(params.degreeScore(), ordered.size()));
    List<PeerState> kept = new ArrayList<>(ordered.subList(0, params.degree()));
    List<PeerState> pruned = new ArrayList<>(ordered.subList(params.degree(), ordered.size()));
    int missing = params.degreeOut() - (int) kept.stream().filter(peer -> peer.outbound).count();
    for (int last = kept.size() - 1; missing > 0 && last >= 0; last--) {
      PeerState dialled = firstOutbound(pruned);
      if (dialled == null) {
        break;
      }
      if (!kept.get(last).outbound) {
        pruned.remove(dialled);
        pruned.add(kept.set(last, dialled));
        missing--;
      }
    }
    for (PeerState peer : pruned) {
      prune(topic, peer, params.pruneBackoff(), true);
    }
  }

  private static @Nullable PeerState firstOutbound(List<PeerState> peers) {
    return peers.stream().filter(peer -> peer.outbound).findFirst().orElse(null);
  }

  /** Adds peers that are better than the median of a mesh which is not good. */
  private void improve(String topic, Set<PeerState> mesh) {
    List<PeerState> ordered = new ArrayList<>(mesh);
    sortByScore(ordered);
    double median = state.score(ordered.get(ordered.size() / 2));
    if (median < state.params.thresholds().opportunisticGraft()) {
      fill(
          topic,
          params.opportunisticGraftPeers(),
          peer -> graftable(topic, peer) && state.score(peer) > median);
    }
  }

  /** The best first; each score is computed once. */
  private void sortByScore(List<PeerState> peers) {
    Map<PeerState, Double> scores = new HashMap<>();
    peers.forEach(peer -> scores.put(peer, state.score(peer)));
    peers.sort(
        Comparator.comparingDouble((PeerState peer) -> scores.getOrDefault(peer, 0.0)).reversed());
  }
}
