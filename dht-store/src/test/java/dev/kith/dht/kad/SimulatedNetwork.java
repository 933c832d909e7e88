package dev.kith.dht.kad;

import dev.kith.libp2p.identity.PeerId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Peers on virtual time with slow and lossy links, all chance from one seed: the same seed gives
 * the same run. Messages go through the codec.
 */
final class SimulatedNetwork {
  static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

  final SplittableRandom random;
  final Map<PeerId, SimulatedPeer> alive = new LinkedHashMap<>();
  private final double loss;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::number));
  private Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private long scheduled;
  long requests;

  private record Event(Instant at, long number, Runnable action) {}

  SimulatedNetwork(long seed, double loss) {
    this.random = new SplittableRandom(seed);
    this.loss = loss;
  }

  Instant now() {
    return now;
  }

  void after(Duration delay, Runnable action) {
    events.add(new Event(now.plus(delay), scheduled++, action));
  }

  /** Lets time pass until {@code duration} is over. */
  void run(Duration duration) {
    Instant end = now.plus(duration);
    while (!events.isEmpty() && !events.peek().at().isAfter(end)) {
      Event event = events.remove();
      now = event.at();
      event.action().run();
    }
    now = end;
  }

  SimulatedPeer join() {
    SimulatedPeer peer = new SimulatedPeer(this, Fixtures.contact(random));
    List<SimulatedPeer> others = new ArrayList<>(alive.values());
    alive.put(peer.id(), peer);
    peer.start();
    if (!others.isEmpty()) {
      peer.bootstrap(others.get(random.nextInt(others.size())).contact);
    }
    return peer;
  }

  void kill(SimulatedPeer peer) {
    alive.remove(peer.id());
  }

  SimulatedPeer any() {
    return new ArrayList<>(alive.values()).get(random.nextInt(alive.size()));
  }

  /** The answer, or empty at the time-out where a message was lost or the peer is dead. */
  void request(
      SimulatedPeer from,
      Contact to,
      KadRequest request,
      Consumer<Optional<KadResponse>> whenDone) {
    requests++;
    boolean[] done = {false};
    after(
        REQUEST_TIMEOUT,
        () -> {
          if (!done[0]) {
            done[0] = true;
            whenDone.accept(Optional.empty());
          }
        });
    if (lost()) {
      return;
    }
    byte[] bytes = KadCodec.encode(request);
    after(
        latency(),
        () -> {
          SimulatedPeer server = alive.get(to.id());
          if (server == null) {
            return;
          }
          Optional<byte[]> answer = server.serve(from.contact, bytes);
          if (answer.isEmpty() || lost()) {
            return;
          }
          after(
              latency(),
              () -> {
                if (!done[0] && alive.containsKey(from.id())) {
                  done[0] = true;
                  whenDone.accept(Optional.of(read(answer.get(), request)));
                }
              });
        });
  }

  private static KadResponse read(byte[] answer, KadRequest request) {
    try {
      return KadCodec.readResponse(new ByteArrayInputStream(answer), request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean lost() {
    return random.nextDouble() < loss;
  }

  private Duration latency() {
    return Duration.ofMillis(random.nextInt(5, 120));
  }
}
