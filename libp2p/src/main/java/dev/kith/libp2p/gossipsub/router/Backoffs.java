package dev.kith.libp2p.gossipsub.router;

import dev.kith.libp2p.identity.PeerId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who must not be grafted for now. By peer id: a back-off outlasts the connection, or reconnecting
 * would end it.
 */
final class Backoffs {
  /** Peers of a topic; the one whose back-off was set earliest goes. */
  static final int PEERS_MAX = 16_384;

  record Backoff(long sinceNanos, long untilNanos) {}

  private final Map<String, LinkedHashMap<PeerId, Backoff>> topics = new HashMap<>();

  /** Sets or prolongs a back-off; it never becomes shorter. */
  void add(String topic, PeerId peer, long now, long nanos) {
    LinkedHashMap<PeerId, Backoff> peers =
        topics.computeIfAbsent(topic, t -> new LinkedHashMap<>());
    Backoff known = peers.get(peer);
    long until = known == null ? now + nanos : Math.max(known.untilNanos, now + nanos);
    peers.putLast(peer, new Backoff(now, until));
    if (peers.size() > PEERS_MAX) {
      peers.pollFirstEntry();
    }
  }

  /** The back-off that is in force, or has been until {@code slack} ago. */
  @Nullable Backoff get(String topic, PeerId peer, long now, long slackNanos) {
    LinkedHashMap<PeerId, Backoff> peers = topics.get(topic);
    Backoff backoff = peers == null ? null : peers.get(peer);
    return backoff == null || backoff.untilNanos + slackNanos - now <= 0 ? null : backoff;
  }

  void expire(long now, long slackNanos) {
    topics.values().forEach(p -> p.values().removeIf(b -> b.untilNanos + slackNanos - now <= 0));
    topics.values().removeIf(Map::isEmpty);
  }
}
