package dev.kith.libp2p.gossipsub.router;

import dev.kith.libp2p.gossipsub.score.PeerScores;
import dev.kith.libp2p.gossipsub.wire.RpcPart;
import dev.kith.libp2p.identity.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What the parts of the router share: who is there and wants what, and the decisions so far. Sets
 * keep the order of insertion, so that a seed gives one run.
 */
final class RouterState {
  final PeerId self;
  final RouterParams params;
  final RandomGenerator random;
  final PeerScores scores;
  final Map<PeerId, PeerState> peers = new LinkedHashMap<>();
  private final Map<String, Set<PeerState>> subscribers = new LinkedHashMap<>();
  private List<Decision> decisions = new ArrayList<>();

  /** In nanoseconds, of the event that is being handled. */
  long now;

  RouterState(PeerId self, RouterParams params, RandomGenerator random) {
    this.self = self;
    this.params = params;
    this.random = random;
    this.scores = new PeerScores(params.scores());
  }

  void decide(Decision decision) {
    decisions.add(decision);
  }

  void send(PeerState peer, RpcPart part) {
    decisions.add(new Decision.Send(peer.id, part));
  }

  List<Decision> takeDecisions() {
    List<Decision> taken = decisions;
    decisions = new ArrayList<>();
    return taken;
  }

  double score(PeerState peer) {
    return scores.score(peer.id);
  }

  Set<PeerState> subscribers(String topic) {
    return subscribers.getOrDefault(topic, Set.of());
  }

  /** Whether that is news. */
  boolean subscribe(PeerState peer, String topic) {
    if (peer.topics.contains(topic) || peer.topics.size() >= PeerState.TOPICS_MAX) {
      return false;
    }
    peer.topics.add(topic);
    subscribers.computeIfAbsent(topic, t -> new LinkedHashSet<>()).add(peer);
    return true;
  }

  void unsubscribe(PeerState peer, String topic) {
    if (peer.topics.remove(topic)) {
      forgetSubscriber(peer, topic);
    }
  }

  void forget(PeerState peer) {
    peer.topics.forEach(topic -> forgetSubscriber(peer, topic));
    peers.remove(peer.id);
  }

  private void forgetSubscriber(PeerState peer, String topic) {
    Set<PeerState> set = subscribers.get(topic);
    if (set != null && set.remove(peer) && set.isEmpty()) {
      subscribers.remove(topic);
    }
  }

  /** Up to {@code count} of those that fit, drawn at random. */
  List<PeerState> draw(Collection<PeerState> from, int count, Predicate<PeerState> fits) {
    if (count <= 0) {
      return List.of();
    }
    List<PeerState> fitting = new ArrayList<>();
    for (PeerState peer : from) {
      if (fits.test(peer)) {
        fitting.add(peer);
      }
    }
    int drawn = Math.min(count, fitting.size());
    for (int i = 0; i < drawn; i++) {
      Collections.swap(fitting, i, i + random.nextInt(fitting.size() - i));
    }
    return fitting.subList(0, drawn);
  }

  <T> void shuffle(List<T> list) {
    for (int i = list.size() - 1; i > 0; i--) {
      Collections.swap(list, i, random.nextInt(i + 1));
    }
  }
}
