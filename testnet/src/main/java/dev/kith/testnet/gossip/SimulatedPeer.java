package dev.kith.testnet.gossip;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.gossipsub.router.Decision;
import dev.kith.libp2p.gossipsub.router.RouterMachine;
import dev.kith.libp2p.gossipsub.router.RouterParams;
import dev.kith.libp2p.gossipsub.router.Verdict;
import dev.kith.libp2p.gossipsub.router.Version;
import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.MessageIdFunction;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.gossipsub.wire.RpcPart;
import dev.kith.libp2p.identity.PeerId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;

/** A router in a {@link SimulatedNetwork}; it comes back with nothing when it was down. */
final class SimulatedPeer {
  /** The first bytes of the data of forged messages. */
  private static final byte[] FORGED = {-1, -1, -1, -1};

  final PeerId id;
  final Behaviour behaviour;
  private final SimulatedNetwork network;
  private final RouterParams params;
  private final Optional<String> ip;
  private final Map<PeerId, Link> links = new LinkedHashMap<>();
  private RouterMachine router;
  private boolean up;
  private long upSince;
  private long starts;
  private long received;
  private long duplicates;
  private int forged;

  /** One direction of a connection; a new object for each connection. */
  private static final class Link {
    final SimulatedPeer to;
    final long latency;
    long lastArrival;

    Link(SimulatedPeer to, long latency) {
      this.to = to;
      this.latency = latency;
    }
  }

  SimulatedPeer(
      SimulatedNetwork network,
      int index,
      Behaviour behaviour,
      RouterParams params,
      Optional<String> ip) {
    this.network = network;
    this.behaviour = behaviour;
    this.params = params;
    this.ip = ip;
    this.id =
        PeerId.fromBytes(
            Bytes.concatenate(
                Bytes.of(0x12, 0x20), Bytes.wrap(ByteBuffer.allocate(32).putInt(index).array())));
    this.router = newRouter();
  }

  private RouterMachine newRouter() {
    return new RouterMachine(
        id, params, new SplittableRandom(network.random.nextLong()), peer -> Optional.empty());
  }

  static MessageId id(PubsubMessage message) {
    try {
      return MessageIdFunction.byContent().id(message);
    } catch (ProtocolViolationException e) {
      throw new IllegalStateException("any content has an id", e);
    }
  }

  RouterMachine router() {
    return router;
  }

  boolean up() {
    return up;
  }

  long upSince() {
    return upSince;
  }

  long starts() {
    return starts;
  }

  /** Of all its lives. */
  long received() {
    return received + router.stats().received();
  }

  long duplicates() {
    return duplicates + router.stats().duplicates();
  }

  void start() {
    up = true;
    upSince = network.now();
    long life = ++starts;
    act(router.join(network.now(), SimulatedNetwork.TOPIC));
    long interval = params.mesh().heartbeat().toNanos();
    network.after(network.random.nextLong(interval), () -> heartbeat(life, interval));
  }

  private void heartbeat(long life, long interval) {
    if (up && life == starts) {
      act(router.heartbeat(network.now()));
      if (behaviour == Behaviour.FORGER) {
        forge();
      }
      network.after(interval, () -> heartbeat(life, interval));
    }
  }

  private void forge() {
    for (Link link : links.values()) {
      byte[] data = ByteBuffer.allocate(12).put(FORGED).putInt(forged++).array();
      PubsubMessage message = PubsubMessage.anonymous(SimulatedNetwork.TOPIC, data);
      carry(link, () -> link.to.message(this, message));
    }
  }

  void stop() {
    for (Link link : List.copyOf(links.values())) {
      link.to.links.remove(id);
      link.to.act(link.to.router.disconnected(network.now(), id));
    }
    links.clear();
    up = false;
    received += router.stats().received();
    duplicates += router.stats().duplicates();
    router = newRouter();
  }

  /** Dials a peer; false where they are connected, or it is down. */
  boolean connect(SimulatedPeer other) {
    if (other == this || !other.up || links.containsKey(other.id)) {
      return false;
    }
    long latency = 10_000_000 + network.random.nextLong(90_000_000);
    links.put(other.id, new Link(other, latency));
    other.links.put(id, new Link(this, latency));
    act(router.connected(network.now(), other.id, Version.V1_2, true, other.ip));
    other.act(other.router.connected(network.now(), id, Version.V1_2, false, ip));
    return true;
  }

  void publish(PubsubMessage message) {
    act(router.publish(network.now(), id(message), message));
  }

  private void act(List<Decision> decisions) {
    for (Decision decision : decisions) {
      switch (decision) {
        case Decision.Send(PeerId peer, RpcPart part) -> send(peer, part);
        case Decision.Forward(PeerId peer, MessageId _, PubsubMessage message) ->
            send(peer, message);
        case Decision.Answer(PeerId peer, MessageId _, PubsubMessage message) ->
            send(peer, message);
        case Decision.Verify(PubsubMessage message) ->
            act(router.verified(network.now(), message, !forged(message)));
        case Decision.Validate(MessageId id, PubsubMessage message, PeerId _) ->
            act(router.validated(network.now(), id, message, Verdict.ACCEPT));
        case Decision.Deliver deliver -> network.delivered(this, deliver.id());
        case Decision.Withdraw _ -> {}
        case Decision.Dial _, Decision.DialOffered _ -> {}
      }
    }
  }

  private static boolean forged(PubsubMessage message) {
    return Arrays.equals(message.data(), 0, 4, FORGED, 0, 4);
  }

  private void send(PeerId peer, PubsubMessage message) {
    Link link = links.get(peer);
    if (link != null && behaviour != Behaviour.SILENT) {
      lossy(link, () -> link.to.message(this, message));
    }
  }

  private void send(PeerId peer, RpcPart part) {
    Link link = links.get(peer);
    if (link == null) {
      return;
    }
    Runnable arrival = () -> link.to.control(this, part);
    if (part instanceof RpcPart.Subscribe || part instanceof RpcPart.Unsubscribe) {
      carry(link, arrival);
    } else {
      lossy(link, arrival);
    }
  }

  private void lossy(Link link, Runnable arrival) {
    if (network.loss == 0 || network.random.nextDouble() >= network.loss) {
      carry(link, arrival);
    }
  }

  /** Later things of a link never overtake earlier ones, and end with it. */
  private void carry(Link link, Runnable arrival) {
    long at = network.now() + link.latency + network.random.nextLong(5_000_000);
    link.lastArrival = Math.max(link.lastArrival, at);
    network.after(
        link.lastArrival - network.now(),
        () -> {
          if (links.get(link.to.id) == link) {
            arrival.run();
          }
        });
  }

  private void message(SimulatedPeer from, PubsubMessage message) {
    act(router.message(network.now(), from.id, message, id(message)));
  }

  private void control(SimulatedPeer from, RpcPart part) {
    act(router.control(network.now(), from.id, List.of(part)));
  }
}
