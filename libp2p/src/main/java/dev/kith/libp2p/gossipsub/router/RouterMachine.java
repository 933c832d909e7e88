package dev.kith.libp2p.gossipsub.router;

import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.gossipsub.wire.RpcPart;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Graft;
import dev.kith.libp2p.gossipsub.wire.RpcPart.IDontWant;
import dev.kith.libp2p.gossipsub.wire.RpcPart.IHave;
import dev.kith.libp2p.gossipsub.wire.RpcPart.IWant;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Prune;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Publish;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Subscribe;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Unsubscribe;
import dev.kith.libp2p.gossipsub.wire.Topics;
import dev.kith.libp2p.identity.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes;

/**
 * The gossipsub router (libp2p/specs gossipsub 1.0, 1.1 and 1.2): told what happened, it decides
 * what to do. It reads no clock, draws from the generator that it is given, and does no input or
 * output: the same events give the same decisions.
 *
 * <p>{@code now} is in nanoseconds of any origin and never goes back. Owned by one thread.
 */
public final class RouterMachine {
  /** Topics that one peer may join. */
  public static final int TOPICS_MAX = 1_024;

  /** Direct peers that are not there are dialled this often. */
  private static final long DIRECT_DIAL_SECONDS = 300;

  /** With the default scores it takes the peer out of all meshes for a minute. */
  private static final int PROTOCOL_PENALTY = 10;

  private final RouterState state;
  private final Meshes meshes;
  private final Fanouts fanouts;
  private final Gossip gossip;
  private final Deliveries deliveries;
  private final RouterCounters counters = new RouterCounters();
  private long heartbeats;
  private long decayedNanos;
  private boolean decayed;

  /**
   * A router that has joined nothing.
   *
   * @param random a seeded one in tests
   * @param signedRecords what peers that are offered to others said of their addresses, in signed
   *     envelopes; called for each of them, must not block
   */
  public RouterMachine(
      PeerId self,
      RouterParams params,
      RandomGenerator random,
      Function<PeerId, Optional<Bytes>> signedRecords) {
    this.state = new RouterState(self, params, random);
    this.meshes = new Meshes(state, signedRecords);
    this.fanouts = new Fanouts(state);
    this.gossip = new Gossip(state);
    this.deliveries = new Deliveries(state, meshes, gossip, counters);
  }

  /**
   * A peer that speaks gossipsub connected.
   *
   * @param outbound whether it was dialled from here
   * @param ip what tells addresses apart; empty where peers may share it without limit
   */
  public List<Decision> connected(
      long now, PeerId peer, Version version, boolean outbound, Optional<String> ip) {
    state.now = now;
    if (state.peers.containsKey(peer)) {
      disconnected(now, peer);
    }
    PeerState added =
        new PeerState(peer, version, outbound, state.params.directPeers().contains(peer));
    state.peers.put(peer, added);
    state.scores.connected(peer, ip);
    for (String topic : meshes.topics()) {
      state.send(added, new Subscribe(topic));
    }
    return state.takeDecisions();
  }

  /** What was sent to a peer lately may be lost: it is told again what it must know. */
  public List<Decision> reopened(long now, PeerId id) {
    state.now = now;
    PeerState peer = state.peers.get(id);
    if (peer != null) {
      for (String topic : meshes.topics()) {
        state.send(peer, new Subscribe(topic));
        if (meshes.mesh(topic).contains(peer)) {
          state.send(peer, new Graft(topic));
        }
      }
    }
    return state.takeDecisions();
  }

  /** The last way to a peer is gone. */
  public List<Decision> disconnected(long now, PeerId id) {
    state.now = now;
    PeerState peer = state.peers.get(id);
    if (peer != null) {
      for (String topic : List.copyOf(peer.topics)) {
        leaves(peer, topic);
      }
      state.forget(peer);
      state.scores.disconnected(id, now);
    }
    return state.takeDecisions();
  }

  private void leaves(PeerState peer, String topic) {
    meshes.forget(topic, peer);
    fanouts.forget(topic, peer);
    state.unsubscribe(peer, topic);
  }

  /** A peer sent a message; others than {@link #connected} ones are ignored. */
  public List<Decision> message(long now, PeerId id, PubsubMessage message, MessageId messageId) {
    state.now = now;
    PeerState peer = state.peers.get(id);
    if (peer != null && !graylisted(peer)) {
      deliveries.arrived(peer, message, messageId);
    }
    return state.takeDecisions();
  }

  /**
   * A peer sent an RPC.
   *
   * @param parts without messages, which are given to {@link #message}, in the order of the wire
   */
  public List<Decision> control(long now, PeerId id, List<RpcPart> parts) {
    state.now = now;
    PeerState peer = state.peers.get(id);
    if (peer != null && !graylisted(peer)) {
      List<IHave> ihaves = new ArrayList<>();
      for (RpcPart part : parts) {
        switch (part) {
          case Subscribe(String topic) -> {
            if (state.subscribe(peer, topic)) {
              meshes.subscribed(topic, peer);
            }
          }
          case Unsubscribe(String topic) -> leaves(peer, topic);
          case Graft(String topic) -> meshes.onGraft(peer, topic);
          case Prune prune -> meshes.onPrune(peer, prune);
          case IHave ihave -> ihaves.add(ihave);
          case IWant iwant -> gossip.onIWant(peer, iwant);
          case IDontWant dontWant -> gossip.onIDontWant(peer, dontWant, heartbeats);
          case Publish publish ->
              throw new IllegalArgumentException("parts: a message: " + publish.message());
        }
      }
      if (!ihaves.isEmpty()) {
        gossip.onIHave(peer, ihaves, meshes::joined, deliveries::seen);
      }
    }
    return state.takeDecisions();
  }

  private boolean graylisted(PeerState peer) {
    boolean graylisted = !peer.direct && state.score(peer) < state.params.thresholds().graylist();
    if (graylisted) {
      counters.graylisted++;
    }
    return graylisted;
  }

  /** A peer sent what cannot be read: that is no accident. */
  public List<Decision> brokeProtocol(long now, PeerId peer) {
    state.now = now;
    state.scores.penalise(peer, PROTOCOL_PENALTY);
    return state.takeDecisions();
  }

  /** The result of a {@link Decision.Verify}. */
  public List<Decision> verified(long now, PubsubMessage message, boolean valid) {
    state.now = now;
    deliveries.verified(message, valid);
    return state.takeDecisions();
  }

  /** The result of a {@link Decision.Validate}. */
  public List<Decision> validated(long now, MessageId id, PubsubMessage message, Verdict verdict) {
    state.now = now;
    deliveries.validated(id, message, verdict);
    return state.takeDecisions();
  }

  /** Joins a topic; changes nothing where it was joined. */
  public List<Decision> join(long now, String topic) {
    state.now = now;
    Topics.check(topic);
    if (!meshes.joined(topic)) {
      if (meshes.topics().size() >= TOPICS_MAX) {
        throw new IllegalArgumentException("topic: " + TOPICS_MAX + " are joined already");
      }
      state.peers.values().forEach(peer -> state.send(peer, new Subscribe(topic)));
      meshes.join(topic, fanouts.take(topic));
    }
    return state.takeDecisions();
  }

  /** Leaves a topic. */
  public List<Decision> leave(long now, String topic) {
    state.now = now;
    if (meshes.joined(topic)) {
      state.peers.values().forEach(peer -> state.send(peer, new Unsubscribe(topic)));
      meshes.leave(topic);
    }
    return state.takeDecisions();
  }

  /** Publishes a message of one's own; one with an id that was seen goes nowhere. */
  public List<Decision> publish(long now, MessageId id, PubsubMessage message) {
    state.now = now;
    if (deliveries.publish(id, message, targets(message.topic()))) {
      counters.published++;
    }
    return state.takeDecisions();
  }

  private Set<PeerState> targets(String topic) {
    Set<PeerState> targets = new LinkedHashSet<>();
    Set<PeerState> subscribers = state.subscribers(topic);
    double threshold = state.params.thresholds().publish();
    if (state.params.floodPublish()) {
      targets.addAll(state.draw(subscribers, Integer.MAX_VALUE, p -> state.score(p) >= threshold));
    } else if (meshes.joined(topic)) {
      targets.addAll(meshes.mesh(topic));
      int missing = state.params.mesh().degree() - targets.size();
      targets.addAll(
          state.draw(
              subscribers, missing, p -> !targets.contains(p) && state.score(p) >= threshold));
    } else {
      targets.addAll(fanouts.publish(topic));
    }
    subscribers.stream().filter(peer -> peer.direct).forEach(targets::add);
    return targets;
  }

  /** To be called every {@link MeshParams#heartbeat}. */
  public List<Decision> heartbeat(long now) {
    state.now = now;
    heartbeats++;
    RouterParams params = state.params;
    decay();
    gossip.penaliseBrokenPromises();
    deliveries.expire();
    meshes.expireBackoffs();
    for (PeerState peer : state.peers.values()) {
      peer.heartbeat(heartbeats, params.gossip().dontWantHeartbeats());
    }
    boolean improve = every(params.mesh().opportunisticGraft().toMillis());
    for (String topic : meshes.topics()) {
      meshes.maintain(topic, improve);
      gossip.tell(topic, meshes.mesh(topic));
    }
    fanouts.maintain();
    for (String topic : fanouts.topics()) {
      gossip.tell(topic, fanouts.peers(topic));
    }
    gossip.shift();
    if (heartbeats == 1 || every(DIRECT_DIAL_SECONDS * 1_000)) {
      for (PeerId direct : params.directPeers()) {
        if (!state.peers.containsKey(direct)) {
          state.decide(new Decision.Dial(direct));
        }
      }
    }
    return state.takeDecisions();
  }

  private boolean every(long millis) {
    long period = Math.max(1, millis / state.params.mesh().heartbeat().toMillis());
    return heartbeats % period == 0;
  }

  /** Heartbeats may be longer than decay intervals: several are made up for, a long gap is not. */
  private void decay() {
    long interval = state.params.scores().decayInterval().toNanos();
    if (!decayed) {
      decayed = true;
      decayedNanos = state.now;
    }
    for (int i = 0; i < 60 && state.now - decayedNanos >= interval; i++) {
      decayedNanos += interval;
      state.scores.decay(state.now);
    }
    if (state.now - decayedNanos >= interval) {
      decayedNanos = state.now;
    }
  }

  /** Whether a message came, or was published, lately. */
  public boolean seen(MessageId id) {
    return deliveries.seen(id);
  }

  /** The topics that were joined. */
  public Set<String> topics() {
    return Set.copyOf(meshes.topics());
  }

  /** The mesh of a topic; empty where it was not joined. */
  public Set<PeerId> mesh(String topic) {
    return ids(meshes.mesh(topic));
  }

  /** The connected peers that want messages of a topic. */
  public Set<PeerId> subscribers(String topic) {
    return ids(state.subscribers(topic));
  }

  private static Set<PeerId> ids(Set<PeerState> peers) {
    Set<PeerId> ids = new LinkedHashSet<>();
    peers.forEach(peer -> ids.add(peer.id));
    return ids;
  }

  /** Of a connected peer; 0 for others. */
  public double score(PeerId peer) {
    return state.scores.score(peer);
  }

  public RouterStats stats() {
    return new RouterStats(
        state.peers.size(),
        counters.received,
        counters.duplicates,
        counters.delivered,
        counters.invalid,
        counters.ignored,
        counters.throttled,
        counters.forwarded,
        counters.published,
        counters.graylisted);
  }
}
