package dev.kith.libp2p.gossipsub.router;

import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.gossipsub.wire.RpcPart.IDontWant;
import dev.kith.libp2p.gossipsub.wire.RpcPart.IHave;
import dev.kith.libp2p.gossipsub.wire.RpcPart.IWant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Telling of messages, asking for them, and declining them: IHAVE, IWANT, IDONTWANT. */
final class Gossip {
  private final RouterState state;
  private final GossipParams params;
  private final MessageCache cache;
  private final Promises promises = new Promises();

  Gossip(RouterState state) {
    this.state = state;
    this.params = state.params.gossip();
    this.cache = new MessageCache(params);
  }

  /** A valid message is here: to be told of, and sent to those who ask. */
  void has(MessageId id, PubsubMessage message) {
    cache.put(id, message);
  }

  /** A message came, or was dropped here: nobody broke a promise. */
  void came(MessageId id) {
    promises.fulfil(id);
  }

  /** Asks for what is told of and was not seen. */
  void onIHave(
      PeerState peer, List<IHave> ihaves, Predicate<String> joined, Predicate<MessageId> seen) {
    if (state.score(peer) < state.params.thresholds().gossip()) {
      return;
    }
    Set<MessageId> wanted = new LinkedHashSet<>();
    for (IHave ihave : ihaves) {
      if (++peer.ihaves > params.ihavesMax()) {
        break;
      }
      if (joined.test(ihave.topic())) {
        ihave.ids().stream()
            .limit(params.idsMax())
            .filter(id -> !seen.test(id))
            .forEach(wanted::add);
      }
    }
    List<MessageId> asked = new ArrayList<>(wanted);
    state.shuffle(asked); // each peer is asked for another part where not all may be asked for
    asked = asked.subList(0, Math.min(asked.size(), params.idsMax() - peer.asked));
    if (!asked.isEmpty()) {
      peer.asked += asked.size();
      long deadline = state.now + params.iwantFollowup().toNanos();
      promises.add(asked.get(state.random.nextInt(asked.size())), peer.id, deadline);
      state.send(peer, new IWant(asked));
    }
  }

  /** Sends what is asked for and is still here, not too often. */
  void onIWant(PeerState peer, IWant iwant) {
    if (state.score(peer) < state.params.thresholds().gossip()) {
      return;
    }
    for (MessageId id : new LinkedHashSet<>(iwant.ids())) {
      PubsubMessage message = cache.forPeer(id, peer.id);
      if (message != null) {
        peer.asksFor(id);
        state.decide(new Decision.Answer(peer.id, id, message));
      }
    }
  }

  /** Heeds what a peer declines; beyond the bound it is not heeded, which is no offence. */
  void onIDontWant(PeerState peer, IDontWant dontWant, long heartbeat) {
    for (MessageId id : dontWant.ids()) {
      if (!peer.doesNotWant(id, heartbeat, params.dontWantsMax())) {
        return;
      }
      state.decide(new Decision.Withdraw(peer.id, id));
    }
  }

  /** Declines further copies of a message that is large enough for it to pay off. */
  void decline(
      MessageId id, PubsubMessage message, Set<PeerState> mesh, Predicate<PeerState> sent) {
    if (message.dataBytes() < params.dontWantBytes()) {
      return;
    }
    for (PeerState peer : mesh) {
      if (peer.version.atLeast(Version.V1_2) && !sent.test(peer)) {
        state.send(peer, new IDontWant(List.of(id)));
      }
    }
  }

  /** Tells some peers outside of the mesh or fan-out of a topic what is here. */
  void tell(String topic, Set<PeerState> excluded) {
    List<MessageId> ids = cache.gossip(topic);
    if (ids.isEmpty()) {
      return;
    }
    Predicate<PeerState> fits =
        peer ->
            !peer.direct
                && !excluded.contains(peer)
                && state.score(peer) >= state.params.thresholds().gossip();
    List<PeerState> candidates = state.draw(state.subscribers(topic), Integer.MAX_VALUE, fits);
    int count = Math.max(params.degreeLazy(), (int) (params.gossipFactor() * candidates.size()));
    for (PeerState peer : candidates.subList(0, Math.min(count, candidates.size()))) {
      state.shuffle(ids);
      state.send(peer, new IHave(topic, ids.subList(0, Math.min(ids.size(), params.idsMax()))));
    }
  }

  /** Ends a heartbeat. */
  void shift() {
    cache.shift();
  }

  void penaliseBrokenPromises() {
    promises.expire(state.now, state.scores::penalise);
  }
}
