package dev.kith.dht.kad;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.dht.proto.KadProto.MessageProto.MessageType;
import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole networks of the machines. A failure names the seed, and the same seed fails again. */
class SimulationTest {
  private static final int PEERS = 120;

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void lookup_findsTheNearestPeersOnLossyLinks(long seed) {
    // A peer whose question or answer is lost counts as dead, so 4% of the answers are missing.
    SimulatedNetwork network = grown(seed, 0.02);
    assertThat(recall(network, 40)).as("recall, seed %d", seed).isGreaterThan(0.92);
  }

  @ParameterizedTest
  @ValueSource(longs = {3})
  void lookup_findsTheNearestPeersWhilePeersComeAndGo(long seed) {
    // Half of the peers are others after seven minutes of this.
    SimulatedNetwork network = grown(seed, 0.01);
    churn(network, Duration.ofMinutes(4));
    assertThat(recall(network, 40)).as("recall, seed %d", seed).isGreaterThan(0.9);
  }

  @ParameterizedTest
  @ValueSource(longs = {5})
  void providers_areFoundAfterAThirdOfThePeersLeft(long seed) {
    SimulatedNetwork network = grown(seed, 0.02);
    List<Bytes> keys = Stream.generate(() -> Fixtures.key(network.random)).limit(40).toList();
    List<PeerId> owners = new ArrayList<>();
    for (Bytes key : keys) {
      SimulatedPeer owner = network.any();
      owners.add(owner.id());
      owner.provide(key);
    }
    network.run(Duration.ofSeconds(30));
    for (int i = 0; i < PEERS / 3; i++) {
      network.kill(network.any());
    }
    boolean[][] found = new boolean[keys.size()][1];
    for (int i = 0; i < keys.size(); i++) {
      PeerId owner = owners.get(i);
      boolean[] seen = found[i];
      KadRequest question = new KadRequest.GetProviders(keys.get(i));
      network
          .any()
          .lookup(
              keys.get(i),
              question,
              (from, response) -> {
                seen[0] |= response.providers().stream().anyMatch(p -> p.id().equals(owner));
                return !seen[0];
              },
              finish -> {});
    }
    network.run(Duration.ofSeconds(60));
    long count = Stream.of(found).filter(seen -> seen[0]).count();
    assertThat(count).as("of %d, seed %d", keys.size(), seed).isGreaterThanOrEqualTo(39);
  }

  @ParameterizedTest
  @ValueSource(longs = {7})
  void lookup_isBoundedAndStillRightAmongLiars(long seed) {
    SimulatedNetwork network = grown(seed, 0.0);
    for (int i = 0; i < PEERS / 10; i++) {
      Liar liar = new Liar(network, Fixtures.contact(network.random));
      network.alive.put(liar.id(), liar);
      liar.bootstrap(network.any().contact);
    }
    network.run(Duration.ofMinutes(1));
    Bytes key = Fixtures.key(network.random);
    List<PeerId> truth = nearest(network, key);
    Lookup.Finish[] result = new Lookup.Finish[1];
    long before = network.requests;
    network.any().closest(key, finish -> result[0] = finish);
    network.run(Duration.ofMinutes(1));
    long requests = network.requests - before; // with refreshes of others in that minute
    assertThat(result[0]).as("ended, seed %d", seed).isNotNull();
    assertThat(result[0].exhausted()).as("exhausted, seed %d", seed).isFalse();
    Set<PeerId> missed = new HashSet<>(truth);
    result[0].closest().forEach(c -> missed.remove(c.id()));
    assertThat(missed).as("missed, seed %d", seed).hasSizeLessThanOrEqualTo(1);
    assertThat(requests).as("requests, seed %d", seed).isLessThan(100_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {8})
  void sameSeed_givesTheSameRun(long seed) {
    SimulatedNetwork first = grown(seed, 0.1);
    churn(first, Duration.ofSeconds(30));
    SimulatedNetwork second = grown(seed, 0.1);
    churn(second, Duration.ofSeconds(30));
    assertThat(second.requests).as("seed %d", seed).isEqualTo(first.requests);
    assertThat(second.alive.keySet()).containsExactlyElementsOf(first.alive.keySet());
  }

  private static SimulatedNetwork grown(long seed, double loss) {
    SimulatedNetwork network = new SimulatedNetwork(seed, loss);
    for (int i = 0; i < PEERS; i++) {
      network.join();
      network.run(Duration.ofMillis(500));
    }
    network.run(Duration.ofMinutes(3));
    return network;
  }

  /** Every five seconds one peer dies without a word and another joins. */
  private static void churn(SimulatedNetwork network, Duration duration) {
    for (long s = 0; s < duration.toSeconds(); s += 5) {
      network.kill(network.any());
      network.join();
      network.run(Duration.ofSeconds(5));
    }
  }

  /** Which part of the truly nearest k live peers a lookup returns, averaged over lookups. */
  private static double recall(SimulatedNetwork network, int lookups) {
    List<Set<PeerId>> truths = new ArrayList<>();
    List<Set<PeerId>> found = new ArrayList<>();
    for (int i = 0; i < lookups; i++) {
      Bytes key = Fixtures.key(network.random);
      SimulatedPeer asker = network.any();
      Set<PeerId> truth = new HashSet<>(nearest(network, key));
      truth.remove(asker.id());
      truths.add(truth);
      Set<PeerId> answer = new HashSet<>();
      found.add(answer);
      asker.closest(key, finish -> finish.closest().forEach(c -> answer.add(c.id())));
    }
    network.run(Duration.ofSeconds(40));
    double sum = 0;
    for (int i = 0; i < lookups; i++) {
      found.get(i).retainAll(truths.get(i));
      sum += (double) found.get(i).size() / truths.get(i).size();
    }
    return sum / lookups;
  }

  private static List<PeerId> nearest(SimulatedNetwork network, Bytes key) {
    Comparator<KeyHash> byDistance = KeyHash.byDistanceTo(KeyHash.of(key));
    return network.alive.values().stream()
        .map(SimulatedPeer::id)
        .sorted(Comparator.comparing(KeyHash::of, byDistance))
        .limit(SimulatedPeer.K)
        .toList();
  }

  /** Names peers that do not exist, the nearer to the key the better. */
  private static final class Liar extends SimulatedPeer {
    private final SimulatedNetwork network;

    Liar(SimulatedNetwork network, Contact contact) {
      super(network, contact);
      this.network = network;
    }

    @Override
    Optional<KadResponse> respond(PeerId from, KadRequest request) {
      if (!(request instanceof KadRequest.FindNode(Bytes key))) {
        return Optional.empty();
      }
      Comparator<KeyHash> byDistance = KeyHash.byDistanceTo(KeyHash.of(key));
      List<Contact> invented =
          Stream.generate(() -> Fixtures.contact(network.random))
              .limit(200)
              .sorted(Comparator.comparing(c -> KeyHash.of(c.id()), byDistance))
              .limit(120)
              .toList();
      return Optional.of(KadResponse.closer(MessageType.FIND_NODE, key, invented));
    }
  }
}
