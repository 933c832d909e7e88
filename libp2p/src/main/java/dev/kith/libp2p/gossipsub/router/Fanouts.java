package dev.kith.libp2p.gossipsub.router;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Whom to publish to in topics that were not joined (gossipsub 1.0, fanout maintenance). */
final class Fanouts {
  /** Topics; the one that was published to longest ago goes. */
  static final int TOPICS_MAX = 1_024;

  private static final class Fanout {
    final Set<PeerState> peers = new LinkedHashSet<>();
    long publishedNanos;
  }

  private final RouterState state;
  private final LinkedHashMap<String, Fanout> fanouts = new LinkedHashMap<>();

  Fanouts(RouterState state) {
    this.state = state;
  }

  Set<String> topics() {
    return fanouts.keySet();
  }

  /** The peers of a topic, drawn when it is first published to. */
  Set<PeerState> publish(String topic) {
    Fanout fanout = fanouts.getOrDefault(topic, new Fanout());
    fanouts.putLast(topic, fanout);
    if (fanouts.size() > TOPICS_MAX) {
      fanouts.pollFirstEntry();
    }
    fanout.publishedNanos = state.now;
    fill(topic, fanout);
    return fanout.peers;
  }

  Set<PeerState> peers(String topic) {
    Fanout fanout = fanouts.get(topic);
    return fanout == null ? Set.of() : fanout.peers;
  }

  /** Ends a fan-out, as the topic is joined, and tells whom it had. */
  Set<PeerState> take(String topic) {
    Fanout fanout = fanouts.remove(topic);
    return fanout == null ? Set.of() : fanout.peers;
  }

  void forget(String topic, PeerState peer) {
    Fanout fanout = fanouts.get(topic);
    if (fanout != null) {
      fanout.peers.remove(peer);
    }
  }

  void maintain() {
    long lifetime = state.params.gossip().fanoutLifetime().toNanos();
    fanouts.values().removeIf(fanout -> state.now - fanout.publishedNanos > lifetime);
    for (Map.Entry<String, Fanout> entry : fanouts.entrySet()) {
      entry.getValue().peers.removeIf(peer -> !publishable(peer));
      fill(entry.getKey(), entry.getValue());
    }
  }

  private void fill(String topic, Fanout fanout) {
    int missing = state.params.mesh().degree() - fanout.peers.size();
    fanout.peers.addAll(
        state.draw(
            state.subscribers(topic),
            missing,
            peer -> !peer.direct && !fanout.peers.contains(peer) && publishable(peer)));
  }

  private boolean publishable(PeerState peer) {
    return state.score(peer) >= state.params.thresholds().publish();
  }
}
