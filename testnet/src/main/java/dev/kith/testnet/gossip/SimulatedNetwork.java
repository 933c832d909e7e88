package dev.kith.testnet.gossip;

import dev.kith.libp2p.gossipsub.router.RouterParams;
import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Routers in simulated time. Links have a latency of 10 to 100 ms and keep the order; what they
 * carry is lost with a given probability: messages, gossip, grafts and prunes, all but
 * subscriptions, which a stream never drops. The same seed is the same run.
 */
final class SimulatedNetwork {
  static final String TOPIC = "news";

  private record Event(long at, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
    }
  }

  /** A published message: when, and who had it when. */
  static final class Published {
    final long at;
    final SimulatedPeer by;
    final Map<SimulatedPeer, Long> delivered = new LinkedHashMap<>();

    Published(long at, SimulatedPeer by) {
      this.at = at;
      this.by = by;
    }
  }

  final RandomGenerator random;
  final double loss;
  final List<SimulatedPeer> peers = new ArrayList<>();
  final Map<MessageId, Published> published = new LinkedHashMap<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long eventCount;
  private long now;
  private int messageCount;

  SimulatedNetwork(long seed, double loss) {
    this.random = new SplittableRandom(seed);
    this.loss = loss;
  }

  long now() {
    return now;
  }

  void after(long nanos, Runnable action) {
    events.add(new Event(now + nanos, eventCount++, action));
  }

  SimulatedPeer add(Behaviour behaviour, RouterParams params, Optional<String> ip) {
    SimulatedPeer peer = new SimulatedPeer(this, peers.size(), behaviour, params, ip);
    peers.add(peer);
    return peer;
  }

  /** Connects a peer to others that are up, drawn among all. */
  void connectToSome(SimulatedPeer peer, int count) {
    for (int tries = 0, made = 0; made < count && tries < 20 * count; tries++) {
      SimulatedPeer other = peers.get(random.nextInt(peers.size()));
      if (peer.connect(other)) {
        made++;
      }
    }
  }

  void run(Duration time) {
    long until = now + time.toNanos();
    while (!events.isEmpty() && events.peek().at() <= until) {
      Event event = events.remove();
      now = event.at();
      event.action().run();
    }
    now = until;
  }

  /** Publishes a message of this size; its first bytes are its number. */
  void publish(SimulatedPeer by, int bytes) {
    byte[] data = new byte[bytes];
    int number = messageCount++;
    for (int i = 0; i < 4; i++) {
      data[i] = (byte) (number >>> (8 * i));
    }
    PubsubMessage message = PubsubMessage.anonymous(TOPIC, data);
    published.put(SimulatedPeer.id(message), new Published(now, by));
    by.publish(message);
  }

  void delivered(SimulatedPeer peer, MessageId id) {
    Published message = published.get(id);
    if (message != null) {
      message.delivered.putIfAbsent(peer, now);
    }
  }
}
