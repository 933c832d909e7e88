package dev.kith.libp2p.gossipsub.score;

import dev.kith.libp2p.identity.PeerId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The scores of all peers (gossipsub 1.1, the score function). Told of events, it answers {@link
 * #score}. No input or output, no clock: {@code now} is in nanoseconds of any origin. Owned by one
 * thread.
 */
public final class PeerScores {
  /** Peers that are gone whose scores are kept; the earliest to leave is forgotten. */
  static final int RETAINED_MAX = 10_000;

  /** Topics of a peer that are scored; only those that this peer joined ever are. */
  static final int TOPICS_MAX = 1_024;

  private static final class Standing {
    final Map<String, TopicCounters> topics = new HashMap<>();
    Optional<String> ip = Optional.empty();
    double behaviour;
    long forgetNanos;
  }

  private final ScoreParams params;
  private final Map<PeerId, Standing> connected = new HashMap<>();

  /** By the time they left. */
  private final LinkedHashMap<PeerId, Standing> retained = new LinkedHashMap<>();

  private final Map<String, Integer> peersOfIp = new HashMap<>();

  public PeerScores(ScoreParams params) {
    this.params = params;
  }

  public ScoreParams params() {
    return params;
  }

  /**
   * A peer connected.
   *
   * @param ip what tells addresses apart; empty for those that say nothing, such as loopback
   */
  public void connected(PeerId peer, Optional<String> ip) {
    Standing standing = retained.remove(peer);
    if (standing == null) {
      standing = new Standing();
    }
    standing.ip = ip;
    if (connected.putIfAbsent(peer, standing) == null) {
      ip.ifPresent(address -> peersOfIp.merge(address, 1, Integer::sum));
    }
  }

  /** A peer left. A good score is forgotten, a bad one kept for a while. */
  public void disconnected(PeerId peer, long now) {
    Standing standing = connected.get(peer);
    if (standing == null) {
      return;
    }
    standing.topics.values().forEach(TopicCounters::disconnected);
    boolean keep = score(peer) < 0 && !params.retention().isZero();
    connected.remove(peer);
    standing.ip.ifPresent(
        address -> peersOfIp.computeIfPresent(address, (a, n) -> n == 1 ? null : n - 1));
    if (keep) {
      standing.forgetNanos = now + params.retention().toNanos();
      retained.put(peer, standing);
      if (retained.size() > RETAINED_MAX) {
        retained.remove(retained.firstEntry().getKey());
      }
    }
  }

  /** The peer came into the mesh of a topic. */
  public void grafted(PeerId peer, String topic, long now) {
    TopicCounters counters = counters(peer, topic);
    if (counters != null) {
      counters.grafted(now);
    }
  }

  /** The peer left the mesh of a topic. */
  public void pruned(PeerId peer, String topic) {
    TopicCounters counters = counters(peer, topic);
    if (counters != null) {
      counters.pruned();
    }
  }

  /** The peer brought a valid message first. */
  public void firstDelivery(PeerId peer, String topic) {
    TopicCounters counters = counters(peer, topic);
    if (counters != null) {
      counters.firstDelivery();
    }
  }

  /** The peer brought a valid message just after the first one did. */
  public void nearFirstDelivery(PeerId peer, String topic) {
    TopicCounters counters = counters(peer, topic);
    if (counters != null) {
      counters.meshDelivery();
    }
  }

  /** The peer brought a message that is forged, or that a validator rejected. */
  public void invalidMessage(PeerId peer, String topic) {
    TopicCounters counters = counters(peer, topic);
    if (counters != null) {
      counters.invalid();
    }
  }

  /** The peer behaved badly: P7. */
  public void penalise(PeerId peer, int times) {
    Standing standing = connected.get(peer);
    if (standing != null) {
      standing.behaviour += times;
    }
  }

  /** To be called every {@link ScoreParams#decayInterval}. */
  public void decay(long now) {
    for (Standing standing : connected.values()) {
      decay(standing, now);
    }
    for (Iterator<Standing> i = retained.values().iterator(); i.hasNext(); ) {
      Standing standing = i.next();
      if (standing.forgetNanos - now <= 0) {
        i.remove();
      } else {
        decay(standing, now);
      }
    }
  }

  private void decay(Standing standing, long now) {
    standing.behaviour =
        TopicCounters.decayed(
            standing.behaviour, params.behaviourPenalty().decay(), params.decayToZero());
    for (Iterator<TopicCounters> i = standing.topics.values().iterator(); i.hasNext(); ) {
      TopicCounters counters = i.next();
      counters.decay(now, params.decayToZero());
      if (counters.blank()) {
        i.remove();
      }
    }
  }

  /** Of a connected peer; 0 for others. */
  public double score(PeerId peer) {
    Standing standing = connected.get(peer);
    if (standing == null) {
      return 0;
    }
    double score = 0;
    for (TopicCounters counters : standing.topics.values()) {
      score += counters.score();
    }
    if (params.topicScoreMax() > 0) {
      score = Math.min(score, params.topicScoreMax());
    }
    score += params.applicationScore().score(peer);
    if (standing.ip.isPresent()) {
      score += params.ipColocation().score(peersOfIp.getOrDefault(standing.ip.get(), 0));
    }
    return score + params.behaviourPenalty().score(standing.behaviour);
  }

  private @Nullable TopicCounters counters(PeerId peer, String topic) {
    Standing standing = connected.get(peer);
    if (standing == null) {
      return null;
    }
    TopicCounters counters = standing.topics.get(topic);
    if (counters == null && standing.topics.size() < TOPICS_MAX) {
      Optional<TopicScoreParams> topicParams = params.topic(topic);
      if (topicParams.isPresent()) {
        counters = new TopicCounters(topicParams.get());
        standing.topics.put(topic, counters);
      }
    }
    return counters;
  }
}
