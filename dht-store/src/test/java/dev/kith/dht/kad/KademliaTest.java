package dev.kith.dht.kad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.datastore.Datastore;
import dev.kith.libp2p.datastore.MemoryDatastore;
import dev.kith.libp2p.host.AddressPolicy;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostPolicy;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.memory.MemoryNetwork;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole of it, over hosts within this process. */
class KademliaTest {
  private static final String PROTOCOL = "/test/kad/1.0.0";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final KademliaConfig SERVER =
      KademliaConfig.server(PROTOCOL).withValidators(Map.of("counter", new CounterValidator()));

  private final SplittableRandom random = new SplittableRandom(5);
  private final MemoryNetwork network = new MemoryNetwork();
  private final List<Peer> peers = new ArrayList<>();
  private int seed;

  private record Peer(Host host, Kademlia kad, Datastore store) {
    Multiaddr address() {
      return host.listenAddresses().getFirst().withPeer(host.id());
    }
  }

  @AfterEach
  void close() {
    peers.forEach(p -> p.kad().close());
    network.close();
  }

  @Test
  void closestPeers_ofASmallRealmAreAllOthersInOrder() throws Exception {
    grow(8);
    Bytes key = Fixtures.key(random);
    List<Contact> closest = peers.get(7).kad().closestPeers(key, TIMEOUT);
    assertThat(closest).hasSize(7);
    assertThat(closest)
        .isSortedAccordingTo(
            (a, b) ->
                KeyHash.byDistanceTo(KeyHash.of(key))
                    .compare(KeyHash.of(a.id()), KeyHash.of(b.id())));
  }

  @Test
  void findPeer_fillsTheAddressBook() throws Exception {
    grow(6);
    Peer asker = peers.get(5);
    Peer wanted = peers.get(2);
    assertThat(asker.kad().findPeer(wanted.host().id(), TIMEOUT))
        .contains(wanted.host().listenAddresses().getFirst());
    assertThat(asker.host().addressBook().addresses(wanted.host().id())).isNotEmpty();
    assertThat(asker.host().connect(wanted.host().id(), TIMEOUT).open()).isTrue();
  }

  @Test
  void addressesThatTheTellerIsNotBelieved_areLeftOutOfAnswersAndAnnouncements() throws Exception {
    Multiaddr router = Multiaddr.parse("/ip4/192.168.178.1/tcp/80");
    Multiaddr provides = Multiaddr.parse("/ip4/9.9.9.9/tcp/1");
    Multiaddr serves = Multiaddr.parse("/ip4/8.8.8.8/tcp/1");
    HostPolicy gullible = HostPolicy.OPEN.withAddresses(AddressPolicy.ALL);
    Peer provider = start(host(gullible, provides, router), SERVER, new MemoryDatastore());
    Peer liar = start(host(gullible, serves), SERVER, new MemoryDatastore());
    Peer sceptic =
        start(
            host(HostPolicy.OPEN, Multiaddr.parse("/ip4/8.8.4.4/tcp/1")),
            SERVER,
            new MemoryDatastore());
    provider.kad().bootstrap(List.of(liar.address(), sceptic.address()), TIMEOUT);
    Bytes key = Fixtures.key(random);
    provider.kad().provide(key, TIMEOUT);
    Peer asker = start(SERVER, new MemoryDatastore());
    asker.kad().bootstrap(List.of(liar.address()), TIMEOUT);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(liar.kad().findProviders(key, 1, TIMEOUT))
                    .containsExactly(new Contact(provider.host().id(), List.of(provides, router))));
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(sceptic.kad().findProviders(key, 1, TIMEOUT))
                    .containsExactly(new Contact(provider.host().id(), List.of(provides))));
    assertThat(asker.kad().findProviders(key, 1, TIMEOUT))
        .containsExactly(new Contact(provider.host().id(), List.of(provides)));
    assertThat(asker.kad().findPeer(provider.host().id(), TIMEOUT)).containsExactly(provides);
  }

  @Test
  void findPeer_isEmptyForAPeerThatNobodyKnows() throws Exception {
    grow(4);
    assertThat(peers.get(1).kad().findPeer(Fixtures.contact(random).id(), TIMEOUT)).isEmpty();
  }

  @Test
  void findPeer_findsAClientThatIsInNoRoutingTable() throws Exception {
    grow(5);
    Peer client = start(SERVER.withMode(KademliaConfig.Mode.CLIENT), new MemoryDatastore());
    client.kad().bootstrap(List.of(peers.get(0).address()), TIMEOUT);
    Multiaddr address = client.host().listenAddresses().getFirst();
    // Its address is known to others once they identified it.
    await()
        .atMost(TIMEOUT)
        .until(() -> peers.get(3).kad().findPeer(client.host().id(), TIMEOUT).contains(address));
    for (Peer peer : peers.subList(0, 5)) {
      assertThat(peer.kad().neighbours(Fixtures.key(random), 100))
          .extracting(Contact::id)
          .doesNotContain(client.host().id());
    }
  }

  @Test
  void providers_areFoundByOthersAndAfterTheHoldersOfTheEntryRestart() throws Exception {
    grow(6);
    Bytes key = Fixtures.key(random);
    Peer provider = peers.get(4);
    assertThat(provider.kad().provide(key, TIMEOUT)).isEqualTo(5);
    for (Peer asker : List.of(peers.get(0), peers.get(5))) {
      assertThat(asker.kad().findProviders(key, 1, TIMEOUT))
          .extracting(Contact::id)
          .containsExactly(provider.host().id());
    }
    assertThat(provider.kad().findProviders(key, 5, TIMEOUT)).isEmpty();
  }

  @Test
  void provide_isRepeatedOnceThereAreOthers() throws Exception {
    Duration soon = Duration.ofMillis(100);
    KademliaConfig eager = SERVER.withIntervals(soon, Duration.ofHours(1), Duration.ofMinutes(10));
    Peer lonely = start(eager, new MemoryDatastore());
    Bytes key = Fixtures.key(random);
    assertThatThrownBy(() -> lonely.kad().provide(key, TIMEOUT)).isInstanceOf(IOException.class);
    Peer other = start(SERVER, new MemoryDatastore());
    other.kad().bootstrap(List.of(lonely.address()), TIMEOUT);
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                askDirectly(lonely, other, new KadRequest.GetProviders(key)).providers().size()
                    == 1);
  }

  @Test
  void values_areFoundByOthersAndTheBestOneWins() throws Exception {
    grow(6);
    Bytes key = Bytes.wrap("/counter/a".getBytes(StandardCharsets.US_ASCII));
    assertThat(peers.get(1).kad().putValue(key, Bytes.of(1), TIMEOUT)).isEqualTo(5);
    assertThat(peers.get(2).kad().putValue(key, Bytes.of(4), TIMEOUT)).isEqualTo(5);
    assertThat(peers.get(3).kad().getValue(key, TIMEOUT)).contains(Bytes.of(4));
    assertThatThrownBy(() -> peers.get(3).kad().putValue(key, Bytes.of(2), TIMEOUT))
        .isInstanceOf(IOException.class);
    Bytes strange = Bytes.wrap("/strange/a".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> peers.get(3).kad().putValue(strange, Bytes.of(2), TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void getValue_mendsPeersThatHoldAWorseValue() throws Exception {
    grow(4);
    Bytes key = Bytes.wrap("/counter/b".getBytes(StandardCharsets.US_ASCII));
    peers.get(0).kad().putValue(key, Bytes.of(9), TIMEOUT);
    Peer late = join();
    assertThat(peers.get(1).kad().getValue(key, TIMEOUT)).contains(Bytes.of(9));
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                askDirectly(peers.get(1), late, new KadRequest.GetValue(key)).record().isPresent());
  }

  @Test
  void pitfall19_furtherRequestsOnOneStreamAreServed() throws Exception {
    grow(2);
    try (Stream stream = peers.get(0).host().open(peers.get(1).host().id(), TIMEOUT, PROTOCOL)) {
      stream.timeout(TIMEOUT);
      for (int i = 0; i < 5; i++) {
        KadRequest request = new KadRequest.FindNode(Fixtures.key(random));
        stream.output().write(KadCodec.encode(request));
        KadCodec.readResponse(stream.input(), request);
      }
      // An announcement is left unanswered, and the stream goes on.
      stream
          .output()
          .write(KadCodec.encode(new KadRequest.AddProvider(Fixtures.key(random), List.of())));
      stream.output().write(KadCodec.encode(new KadRequest.Ping()));
      KadCodec.readResponse(stream.input(), new KadRequest.Ping());
    }
  }

  @Test
  void lookups_goOnWhenPeersVanish() throws Exception {
    grow(8);
    Bytes key = Fixtures.key(random);
    peers.get(1).kad().provide(key, TIMEOUT);
    network.stop(peers.get(3).host().id());
    network.stop(peers.get(4).host().id());
    assertThat(peers.get(6).kad().findProviders(key, 1, TIMEOUT)).hasSize(1);
    assertThat(peers.get(6).kad().closestPeers(key, TIMEOUT)).hasSize(5);
  }

  @Test
  void pitfall22_mode_canChangeWhileRunning() throws Exception {
    grow(3);
    Peer peer = peers.get(2);
    peer.kad().mode(KademliaConfig.Mode.CLIENT);
    assertThatThrownBy(() -> askDirectly(peers.get(0), peer, new KadRequest.Ping()))
        .isInstanceOf(IOException.class);
    peer.kad().mode(KademliaConfig.Mode.SERVER);
    assertThat(askDirectly(peers.get(0), peer, new KadRequest.Ping())).isNotNull();
  }

  @Test
  void restart_findsItsPeersAgainWithoutBootstrap() throws Exception {
    grow(4);
    Peer before = peers.get(3);
    await().atMost(TIMEOUT).until(() -> before.kad().size() == 3);
    before.kad().close();
    peers.remove(before);
    before.host().close();
    Peer after = start(SERVER, before.store());
    await().atMost(TIMEOUT).until(() -> after.kad().size() == 3);
  }

  @Test
  void bootstrap_failsWhenNobodyAnswers() {
    Peer peer = start(SERVER, new MemoryDatastore());
    Multiaddr nowhere = Multiaddr.parse("/memory/999").withPeer(Fixtures.contact(random).id());
    assertThatThrownBy(() -> peer.kad().bootstrap(List.of(nowhere), TIMEOUT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none of 1");
  }

  private static KadResponse askDirectly(Peer from, Peer to, KadRequest request)
      throws IOException, InterruptedException {
    Contact contact = new Contact(to.host().id(), to.host().listenAddresses());
    return new KadClient(from.host(), PROTOCOL).request(contact, request, TIMEOUT);
  }

  private void grow(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      join();
    }
    await().atMost(TIMEOUT).until(() -> peers.stream().allMatch(p -> p.kad().size() == count - 1));
  }

  private Peer join() throws Exception {
    Peer peer = start(SERVER, new MemoryDatastore());
    if (peers.size() > 1) {
      peer.kad().bootstrap(List.of(peers.getFirst().address()), TIMEOUT);
    }
    return peer;
  }

  private Peer start(KademliaConfig config, Datastore store) {
    return start(host(HostPolicy.OPEN), config, store);
  }

  private Host host(HostPolicy policy, Multiaddr... addresses) {
    return network.host(Keys.fromSeed(KeyType.SECP256K1, ++seed), policy, addresses);
  }

  private Peer start(Host host, KademliaConfig config, Datastore store) {
    try {
      Kademlia kad = Kademlia.start(host, config, store, Clock.systemUTC());
      Peer peer = new Peer(host, kad, store);
      peers.add(peer);
      return peer;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
