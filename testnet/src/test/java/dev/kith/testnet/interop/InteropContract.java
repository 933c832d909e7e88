package dev.kith.testnet.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.kith.dht.kad.Contact;
import dev.kith.libp2p.gossipsub.Message;
import dev.kith.libp2p.gossipsub.Subscription;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.UnsupportedProtocolException;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.perf.Perf;
import dev.kith.libp2p.ping.Ping;
import dev.kith.testnet.interop.ResultTable.Column;
import dev.kith.testnet.interop.ResultTable.Dialler;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Kith and another implementation, in both directions, over every channel, with both types of key
 * on both sides. Each test starts one process of the other's and makes all checks with it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InteropContract {
  static final Path TESTNET = Path.of("").toAbsolutePath();

  /** Of types of keys that are tried over each channel in each direction. */
  private static final int PAIRS = 2;

  private static final int ECHO_BYTES = 5_000_000;
  private static final int UP_BYTES = 4_000_000;
  private static final int DOWN_BYTES = 8_000_000;
  private static final int MESSAGES = 6;

  /** For one step; and for a process of the other's, whose own patience is 45 s. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final Duration PROCESS = Duration.ofSeconds(75);

  private final Implementation other;
  private final ResultTable results;
  private final SecureRandom random = new SecureRandom();

  InteropContract(Implementation other) {
    this.other = other;
    this.results = new ResultTable(other);
  }

  @BeforeAll
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void prepare() throws Exception {
    other.prepare();
  }

  @AfterAll
  void documentResults() throws Exception {
    results.check(TESTNET, PAIRS);
  }

  static List<Arguments> combinations() {
    List<Arguments> all = new ArrayList<>();
    for (Channel channel : Channel.values()) {
      // Each side has each type of key once: what one does with its own is not the other's to see.
      all.add(Arguments.of(channel, KeyType.SECP256K1, KeyType.ED25519));
      all.add(Arguments.of(channel, KeyType.ED25519, KeyType.SECP256K1));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void other_dialsKith(Channel channel, KeyType ownKey, KeyType otherKey) throws Exception {
    try (KithPeer near = KithPeer.server(ownKey, channel);
        KithPeer far = KithPeer.server(ownKey, channel);
        Subscription _ =
            near.gossipsub.subscribe(KithPeer.TOPIC, message -> answer(near, message))) {
      Bytes ours = multihash();
      Bytes theirs = multihash();
      far.kad.bootstrap(List.of(near.address()), SOON);
      await().atMost(SOON).until(() -> near.kad.size() == 1);
      assertThat(far.kad.provide(ours, SOON)).isEqualTo(1);
      far.kad.putValue(bytes("/test/ours"), bytes("from kith"), SOON);

      List<String> arguments = new ArrayList<>(options(channel, otherKey));
      arguments.add(near.address().toString());
      arguments.addAll(List.of("identify", "ping", "echo=" + ECHO_BYTES));
      arguments.add("perf=" + UP_BYTES + ":" + DOWN_BYTES);
      arguments.add("gossip=" + MESSAGES);
      arguments.add("find-peer=" + far.host.id());
      arguments.add("find-providers=" + ours.toUnprefixedHexString());
      arguments.add("provide=" + theirs.toUnprefixedHexString());
      arguments.add("get=/test/ours");
      arguments.add("put=/test/theirs=from the other");
      Column passed = results.column(channel, Dialler.OTHER);
      Seen seen;
      try (ForeignPeer dialler = other.start("dial", arguments)) {
        seen = new Seen(dialler.jsonUntilEnd(PROCESS));
      }

      PeerId remote = PeerId.parse(seen.text("connect", "localPeer"));
      assertThat(remote.publicKey().orElseThrow().type()).isEqualTo(otherKey);
      assertThat(seen.text("connect", "remotePeer")).isEqualTo(near.host.id().toString());
      assertThat(near.states).contains(channel.state());

      assertThat(seen.text("identify", "agentVersion")).startsWith("kith/");
      assertThat(seen.texts("identify", "protocols"))
          .contains(KithPeer.ECHO, KithPeer.KAD, Ping.PROTOCOL, "/ipfs/id/1.0.0");
      assertThat(seen.texts("identify", "listenAddresses"))
          .contains(near.address().withoutPeer().toString());
      assertThat(seen.text("identify", "observedAddress")).startsWith("/ip4/127.0.0.1/");
      passed.passed(Check.IDENTIFY);

      assertThat(seen.of("ping").path("micros").size()).isEqualTo(3);
      passed.passed(Check.PING);
      assertThat(seen.of("echo").path("equal").asBoolean()).isTrue();
      passed.passed(Check.ECHO);
      assertThat(seen.of("perf").path("down").asInt()).isEqualTo(DOWN_BYTES);
      passed.passed(Check.PERF);
      assertThat(seen.of("gossip").path("messages").asInt()).isEqualTo(MESSAGES);
      assertThat(near.gossipsub.stats().router().invalid()).isZero();
      passed.passed(Check.GOSSIPSUB);

      assertThat(seen.texts("find-peer", "addresses"))
          .anyMatch(address -> address.startsWith(far.address().withoutPeer().toString()));
      assertThat(seen.texts("find-providers", "providers")).contains(far.host.id().toString());
      assertThat(seen.text("get", "value")).isEqualTo("from kith");
      List<Contact> providers = far.kad.findProviders(theirs, 1, SOON);
      assertThat(providers).extracting(Contact::id).containsExactly(remote);
      assertThat(providers.getFirst().addresses()).isNotEmpty();
      assertThat(far.kad.getValue(bytes("/test/theirs"), SOON)).contains(bytes("from the other"));
      passed.passed(Check.KAD);
    }
  }

  private static void answer(KithPeer peer, Message message) throws InterruptedException {
    peer.gossipsub.publish(
        message.topic(), ("re: " + new String(message.data(), UTF_8)).getBytes(UTF_8));
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void kith_dialsOther(Channel channel, KeyType ownKey, KeyType otherKey) throws Exception {
    try (ForeignPeer listener = other.start("listen", options(channel, otherKey));
        KithPeer first = KithPeer.client(ownKey, channel);
        KithPeer second = KithPeer.client(ownKey, channel)) {
      Multiaddr address = Multiaddr.parse(listener.untilReady(PROCESS).getFirst());
      PeerId peer = address.peer().orElseThrow();
      assertThat(peer.publicKey().orElseThrow().type()).isEqualTo(otherKey);
      Connection connection = first.host.connect(peer, List.of(address), SOON);
      assertThat(connection.state()).isEqualTo(channel.state());

      Column passed = results.column(channel, Dialler.KITH);
      identify(first, peer, address);
      passed.passed(Check.IDENTIFY);
      try (Ping ping = Ping.open(first.host, peer, SOON)) {
        for (int i = 0; i < 5; i++) {
          assertThat(ping.ping(SOON)).isPositive();
        }
      }
      passed.passed(Check.PING);
      assertThatExceptionOfType(UnsupportedProtocolException.class)
          .isThrownBy(() -> first.host.open(peer, SOON, "/kith/none/1"));
      echo(first.host, peer);
      passed.passed(Check.ECHO);
      assertThat(Perf.measure(connection, UP_BYTES, DOWN_BYTES, SOON)).isPositive();
      passed.passed(Check.PERF);
      gossip(first, listener, peer);
      passed.passed(Check.GOSSIPSUB);
      kad(first, second, address);
      passed.passed(Check.KAD);
    }
  }

  private static void identify(KithPeer kith, PeerId peer, Multiaddr address) {
    await().atMost(SOON).until(() -> kith.identified.containsKey(peer));
    PeerInfo about = Optional.ofNullable(kith.identified.get(peer)).orElseThrow();
    assertThat(about.protocols()).contains(KithPeer.ECHO, KithPeer.KAD, Ping.PROTOCOL);
    assertThat(about.agentVersion()).contains("libp2p");
    assertThat(about.listenAddresses()).contains(address.withoutPeer());
    assertThat(about.observedAddress()).isPresent();
  }

  private static void echo(Host host, PeerId peer) throws Exception {
    byte[] data = new byte[ECHO_BYTES];
    new Random(1).nextBytes(data);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Stream stream = host.open(peer, SOON, "/kith/none/1", KithPeer.ECHO)) {
      assertThat(stream.protocol()).isEqualTo(KithPeer.ECHO);
      stream.timeout(SOON);
      Future<byte[]> echo = threads.submit(() -> stream.input().readAllBytes());
      stream.output().write(data);
      stream.closeWrite();
      assertThat(Arrays.equals(echo.get(), data)).isTrue();
    }
  }

  private static void gossip(KithPeer kith, ForeignPeer listener, PeerId peer) throws Exception {
    try (Subscription subscription = kith.gossipsub.subscribe(KithPeer.TOPIC)) {
      await().atMost(SOON).until(() -> kith.gossipsub.mesh(KithPeer.TOPIC).contains(peer));
      for (int i = 0; i < MESSAGES; i++) {
        // Every other one is beyond what IDONTWANT is sent for.
        String text = "message " + i + ".".repeat(i % 2 * 5_000);
        kith.gossipsub.publish(KithPeer.TOPIC, text.getBytes(UTF_8));
        JsonNode seen = listener.json(SOON);
        assertThat(seen.path("from").asString()).isEqualTo(kith.host.id().toString());
        assertThat(seen.path("data").asString()).isEqualTo(text);

        listener.say("answer " + i);
        Message answer = subscription.next(SOON).orElseThrow();
        assertThat(new String(answer.data(), UTF_8)).isEqualTo("answer " + i);
        assertThat(answer.from()).contains(peer);
      }
    }
    assertThat(kith.gossipsub.stats().router().invalid()).isZero();
  }

  /** Through the other's server: neither of Kith's serves the DHT. */
  private void kad(KithPeer first, KithPeer second, Multiaddr server) throws Exception {
    first.kad.bootstrap(List.of(server), SOON);
    second.kad.bootstrap(List.of(server), SOON);
    assertThat(first.kad.closestPeers(multihash(), SOON))
        .extracting(Contact::id)
        .containsExactly(server.peer().orElseThrow());
    Multiaddr wanted = first.address().withoutPeer();
    await().atMost(SOON).until(() -> second.kad.findPeer(first.host.id(), SOON).contains(wanted));

    Bytes key = multihash();
    assertThat(first.kad.provide(key, SOON)).isEqualTo(1);
    await().atMost(SOON).until(() -> !second.kad.findProviders(key, 1, SOON).isEmpty());
    assertThat(second.kad.findProviders(key, 1, SOON))
        .extracting(Contact::id)
        .containsExactly(first.host.id());

    Bytes name = bytes("/test/value");
    assertThat(first.kad.putValue(name, bytes("kept by the other"), SOON)).isEqualTo(1);
    assertThat(second.kad.getValue(name, SOON)).contains(bytes("kept by the other"));
  }

  /** Connections that end while streams are served must not hold up an event loop. */
  void kithAnswersAfterManyDials(Channel channel) throws Exception {
    try (KithPeer kith = KithPeer.server(KeyType.ED25519, channel)) {
      List<String> arguments = new ArrayList<>(channel.options());
      arguments.add(kith.address().toString());
      arguments.addAll(List.of("dials=100", "handshakes=1000:16", "pings=10"));
      try (ForeignPeer diallers = other.start("bench", arguments)) {
        List<JsonNode> measured = diallers.jsonUntilEnd(PROCESS);
        assertThat(measured).hasSize(3);
        assertThat(measured.getFirst().path("micros").size()).isEqualTo(100);
      }
    }
  }

  /** Both speak both: TLS is what is agreed on, though the other one would rather have Noise. */
  @Test
  void tls_isPreferred() throws Exception {
    List<String> both =
        List.of("--transport", "tcp", "--security", "noise,tls", "--topic", KithPeer.TOPIC);
    try (ForeignPeer listener = other.start("listen", both);
        KithPeer kith = KithPeer.client(KeyType.ED25519, Channel.TLS)) {
      Multiaddr address = Multiaddr.parse(listener.untilReady(PROCESS).getFirst());
      Connection connection =
          kith.host.connect(address.peer().orElseThrow(), List.of(address), SOON);
      assertThat(connection.state()).isEqualTo(Channel.TLS.state());
    }
  }

  private static List<String> options(Channel channel, KeyType key) {
    List<String> options = new ArrayList<>(channel.options());
    options.addAll(List.of("--key", key.name().toLowerCase(Locale.ROOT)));
    options.addAll(List.of("--kad", KithPeer.KAD, "--topic", KithPeer.TOPIC));
    return options;
  }

  private Bytes multihash() {
    byte[] digest = new byte[32];
    random.nextBytes(digest);
    return Bytes.concatenate(Bytes.of(0x12, 0x20), Bytes.wrap(digest));
  }

  private static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(UTF_8));
  }

  /** What a dialler printed, by check. */
  private record Seen(List<JsonNode> documents) {
    JsonNode of(String check) {
      return documents.stream()
          .filter(document -> document.path("check").asString().equals(check))
          .findFirst()
          .orElseThrow(() -> new AssertionError("nothing of " + check + " in " + documents));
    }

    String text(String check, String field) {
      return of(check).path(field).asString();
    }

    List<String> texts(String check, String field) {
      return of(check).path(field).valueStream().map(JsonNode::asString).toList();
    }
  }
}
