package dev.kith.testnet.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.dht.kad.Contact;
import dev.kith.dht.kad.Kademlia;
import dev.kith.dht.kad.KademliaConfig;
import dev.kith.dht.kad.RecordValidator;
import dev.kith.libp2p.datastore.MemoryDatastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.swarm.HostBuilder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Kith's Kademlia and that of js-libp2p, both ways, with both key types. */
class KadInteropTest {
  private static final String PROTOCOL = "/kith/interop/kad/1.0.0";
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final KademliaConfig SERVER =
      KademliaConfig.server(PROTOCOL).withValidators(Map.of("test", new AnyValue()));
  private static final KademliaConfig CLIENT = SERVER.withMode(KademliaConfig.Mode.CLIENT);

  private final SecureRandom random = new SecureRandom();
  private final List<Peer> peers = new ArrayList<>();

  private record Peer(Host host, Kademlia kad) {
    String address() {
      return host.listenAddresses().getFirst().withPeer(host.id()).toString();
    }
  }

  @BeforeAll
  static void prepare() throws Exception {
    JsScripts.prepare();
  }

  @AfterEach
  void close() {
    peers.forEach(
        peer -> {
          peer.kad().close();
          peer.host().close();
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"ED25519", "SECP256K1"})
  void js_findsPeersProvidersAndValuesThroughKith(KeyType type) throws Exception {
    Peer first = start(type, SERVER);
    Peer second = start(type, SERVER);
    second.kad().bootstrap(List.of(Multiaddr.parse(first.address())), TIMEOUT);
    await().atMost(TIMEOUT).until(() -> first.kad().size() == 1);
    Bytes ours = multihash();
    Bytes theirs = multihash();
    assertThat(second.kad().provide(ours, TIMEOUT)).isEqualTo(1);
    second.kad().putValue(bytes("/test/ours"), bytes("from kith"), TIMEOUT);

    JsonNode js =
        JsScripts.run(
            "kad-dial.js",
            "--kad",
            PROTOCOL,
            "--find",
            second.host().id().toString(),
            "--providers",
            ours.toUnprefixedHexString(),
            "--provide",
            theirs.toUnprefixedHexString(),
            "--get",
            "/test/ours",
            "--put",
            "/test/theirs=from js",
            first.address());

    String address = second.host().listenAddresses().getFirst().toString();
    assertThat(js.path("find")).anyMatch(a -> a.asString().startsWith(address));
    assertThat(js.path("providers"))
        .anyMatch(p -> p.asString().equals(second.host().id().toString()));
    assertThat(js.path("get").asString()).isEqualTo("from kith");
    PeerId jsPeer = PeerId.parse(js.path("localPeer").asString());
    List<Contact> providers = second.kad().findProviders(theirs, 1, TIMEOUT);
    assertThat(providers).extracting(Contact::id).containsExactly(jsPeer);
    assertThat(providers.getFirst().addresses()).isNotEmpty();
    assertThat(second.kad().getValue(bytes("/test/theirs"), TIMEOUT)).contains(bytes("from js"));
  }

  @ParameterizedTest
  @EnumSource(names = {"ED25519", "SECP256K1"})
  void kith_findsPeersProvidersAndValuesThroughJs(KeyType type) throws Exception {
    // Clients serve nothing themselves, so every answer is js's.
    String keyType = type == KeyType.ED25519 ? "Ed25519" : "secp256k1";
    try (JsScripts.Listening js = JsScripts.listen("--kad", PROTOCOL, "--key", keyType)) {
      Multiaddr address = Multiaddr.parse(js.addresses().getFirst());
      Peer first = start(type, CLIENT);
      Peer second = start(type, CLIENT);
      first.kad().bootstrap(List.of(address), TIMEOUT);
      second.kad().bootstrap(List.of(address), TIMEOUT);
      PeerId jsPeer = address.peer().orElseThrow();
      assertThat(first.kad().closestPeers(multihash(), TIMEOUT))
          .extracting(Contact::id)
          .containsExactly(jsPeer);
      Multiaddr wanted = first.host().listenAddresses().getFirst();
      await()
          .atMost(TIMEOUT)
          .until(() -> second.kad().findPeer(first.host().id(), TIMEOUT).contains(wanted));

      Bytes key = multihash();
      assertThat(first.kad().provide(key, TIMEOUT)).isEqualTo(1);
      await().atMost(TIMEOUT).until(() -> !second.kad().findProviders(key, 1, TIMEOUT).isEmpty());
      assertThat(second.kad().findProviders(key, 1, TIMEOUT))
          .extracting(Contact::id)
          .containsExactly(first.host().id());

      Bytes name = bytes("/test/value");
      assertThat(first.kad().putValue(name, bytes("kept by js"), TIMEOUT)).isEqualTo(1);
      assertThat(second.kad().getValue(name, TIMEOUT)).contains(bytes("kept by js"));
    }
  }

  private Peer start(KeyType type, KademliaConfig config) throws Exception {
    Host host =
        new HostBuilder(Keys.generate(type, random))
            .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
            .start();
    Kademlia kad = Kademlia.start(host, config, new MemoryDatastore(), Clock.systemUTC());
    Peer peer = new Peer(host, kad);
    peers.add(peer);
    return peer;
  }

  private Bytes multihash() {
    byte[] digest = new byte[32];
    random.nextBytes(digest);
    return Bytes.concatenate(Bytes.of(0x12, 0x20), Bytes.wrap(digest));
  }

  private static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static final class AnyValue implements RecordValidator {
    @Override
    public boolean valid(Bytes key, Bytes value) {
      return true;
    }

    @Override
    public int select(Bytes key, List<Bytes> values) {
      return 0;
    }
  }
}
