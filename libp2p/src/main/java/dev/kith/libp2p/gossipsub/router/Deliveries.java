package dev.kith.libp2p.gossipsub.router;

import dev.kith.libp2p.gossipsub.router.SeenMessages.Seen;
import dev.kith.libp2p.gossipsub.router.SeenMessages.Status;
import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.identity.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The way of a message of others: signature, seen or not, validator, delivery and forwarding, and
 * what its senders earn by it.
 *
 * <p>A message is seen only once its signature is good: otherwise a forged one with the id of a
 * message to come would keep that one away. While a signature is checked, further copies of the
 * very same bytes wait for the result; the same id with other bytes is checked for itself.
 */
final class Deliveries {
  private record Unverified(MessageId id, List<PeerId> sources) {}

  private final RouterState state;
  private final Meshes meshes;
  private final Gossip gossip;
  private final SeenMessages seen;
  private final RouterCounters counters;
  private final Map<PubsubMessage, Unverified> unverified = new HashMap<>();
  private int checks;
  private long checksBytes;

  Deliveries(RouterState state, Meshes meshes, Gossip gossip, RouterCounters counters) {
    this.state = state;
    this.meshes = meshes;
    this.gossip = gossip;
    this.counters = counters;
    this.seen = new SeenMessages(state.params.gossip());
  }

  boolean seen(MessageId id) {
    return seen.get(id) != null;
  }

  void arrived(PeerState peer, PubsubMessage message, MessageId id) {
    counters.received++;
    if (!meshes.joined(message.topic())) {
      return;
    }
    Seen known = seen.get(id);
    if (known != null) {
      duplicate(peer.id, known, message.topic());
      return;
    }
    if (message.from().filter(state.self::equals).isPresent()) {
      return; // one's own, older than what is seen; or forged
    }
    Unverified under = unverified.get(message);
    if (under != null) {
      counters.duplicates++;
      addSource(under.sources(), peer.id);
      return;
    }
    RouterParams params = state.params;
    if (checks >= params.checksMax() || checksBytes + message.bytes() > params.checksBytesMax()) {
      counters.throttled++;
      gossip.came(id);
      return;
    }
    checks++;
    checksBytes += message.bytes();
    unverified.put(message, new Unverified(id, new ArrayList<>(List.of(peer.id))));
    state.decide(new Decision.Verify(message));
  }

  private static void addSource(List<PeerId> sources, PeerId peer) {
    if (!sources.contains(peer)) {
      sources.add(peer);
    }
  }

  private void duplicate(PeerId peer, Seen known, String topic) {
    counters.duplicates++;
    switch (known.status) {
      case PENDING -> addSource(known.sources, peer);
      case ACCEPTED -> {
        long window = state.params.scores().nearFirst(topic).toNanos();
        if (state.now - known.decidedNanos > window) {
          known.sources = List.of();
        } else if (!known.sources.contains(peer)) {
          known.sources.add(peer);
          state.scores.nearFirstDelivery(peer, topic);
        }
      }
      case REJECTED -> state.scores.invalidMessage(peer, topic);
      case IGNORED -> {}
    }
  }

  private void checked(PubsubMessage message) {
    checks--;
    checksBytes -= message.bytes();
  }

  void verified(PubsubMessage message, boolean valid) {
    Unverified checked = unverified.remove(message);
    if (checked == null) {
      throw new IllegalStateException("not under verification: " + message);
    }
    String topic = message.topic();
    if (!valid) {
      checked(message);
      counters.invalid++;
      checked.sources().forEach(peer -> state.scores.invalidMessage(peer, topic));
      return;
    }
    MessageId id = checked.id();
    gossip.came(id);
    Seen known = seen.get(id);
    if (known != null) {
      checked(message);
      checked.sources().forEach(peer -> duplicate(peer, known, topic));
      return;
    }
    seen.add(id, state.now, checked.sources());
    // Before validation, as gossipsub 1.2 has it, but not before the signature is known to be good:
    // forged messages would make us decline the true ones.
    gossip.decline(id, message, meshes.mesh(topic), peer -> checked.sources().contains(peer.id));
    state.decide(new Decision.Validate(id, message, checked.sources().getFirst()));
  }

  void validated(MessageId id, PubsubMessage message, Verdict verdict) {
    checked(message);
    Seen known = seen.get(id);
    if (known == null) {
      counters.throttled++;
      return; // it took longer than messages are remembered
    }
    String topic = message.topic();
    switch (verdict) {
      case ACCEPT -> {
        known.decide(Status.ACCEPTED, state.now);
        state.scores.firstDelivery(known.sources.getFirst(), topic);
        for (PeerId peer : known.sources.subList(1, known.sources.size())) {
          state.scores.nearFirstDelivery(peer, topic);
        }
        counters.delivered++;
        state.decide(new Decision.Deliver(id, message, known.sources.getFirst()));
        gossip.has(id, message);
        forward(id, message, known.sources);
      }
      case REJECT -> {
        known.decide(Status.REJECTED, state.now);
        counters.invalid++;
        known.sources.forEach(peer -> state.scores.invalidMessage(peer, topic));
      }
      case IGNORE -> {
        known.decide(Status.IGNORED, state.now);
        counters.ignored++;
      }
    }
  }

  private void forward(MessageId id, PubsubMessage message, List<PeerId> sources) {
    Set<PeerState> mesh = meshes.mesh(message.topic());
    for (PeerState peer : mesh) {
      if (!sources.contains(peer.id)) {
        send(peer, id, message);
      }
    }
    for (PeerId direct : state.params.directPeers()) {
      PeerState peer = state.peers.get(direct);
      if (peer != null && peer.topics.contains(message.topic()) && !sources.contains(direct)) {
        send(peer, id, message);
      }
    }
  }

  private void send(PeerState peer, MessageId id, PubsubMessage message) {
    boolean author = message.from().filter(peer.id::equals).isPresent();
    if (!author && peer.wants(id)) {
      counters.forwarded++;
      state.decide(new Decision.Forward(peer.id, id, message));
    }
  }

  /** Sends a message of one's own; false where it was sent before. */
  boolean publish(MessageId id, PubsubMessage message, Set<PeerState> targets) {
    if (seen(id)) {
      return false;
    }
    seen.add(id, state.now, List.of()).decide(Status.ACCEPTED, state.now);
    gossip.has(id, message);
    targets.forEach(peer -> send(peer, id, message));
    return true;
  }

  void expire() {
    seen.expire(state.now);
  }
}
