package dev.kith.testnet.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.ConnectionState;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostListener;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.UnsupportedProtocolException;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.ping.Ping;
import dev.kith.libp2p.swarm.HostBuilder;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * js-libp2p and Kith over TCP and yamux, in both directions, over Noise and TLS, with both types of
 * key.
 */
class JsLibp2pTest {
  private static final String ECHO = "/echo/1.0.0";
  private static final int ECHO_BYTES = 5_000_000;
  private static final Duration SOON = Duration.ofSeconds(30);

  @BeforeAll
  static void installScripts() throws Exception {
    JsScripts.prepare();
  }

  private static String protocol(String security) {
    return security.equals("tls") ? "/tls/1.0.0" : "/noise";
  }

  private static Host host(KeyType type) throws Exception {
    Host host =
        new HostBuilder(Keys.generate(type, new SecureRandom()))
            .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
            .start();
    host.serve(ECHO, stream -> stream.input().transferTo(stream.output()));
    return host;
  }

  @ParameterizedTest
  @CsvSource({
    "SECP256K1, secp256k1, noise",
    "SECP256K1, Ed25519, noise",
    "ED25519, secp256k1, noise",
    "ED25519, Ed25519, noise",
    "SECP256K1, secp256k1, tls",
    "SECP256K1, Ed25519, tls",
    "ED25519, secp256k1, tls",
    "ED25519, Ed25519, tls"
  })
  void js_dialsKith(KeyType ownKey, String jsKey, String security) throws Exception {
    try (Host host = host(ownKey)) {
      List<ConnectionState> states = states(host);
      String address = host.listenAddresses().getFirst().withPeer(host.id()).toString();
      JsonNode seen =
          JsScripts.run(
              "dial.js",
              "--key",
              jsKey,
              "--security",
              security,
              "--bytes",
              Integer.toString(ECHO_BYTES),
              address);
      assertThat(seen.path("remotePeer").asString()).isEqualTo(host.id().toString());
      assertThat(seen.path("encryption").asString()).isEqualTo(protocol(security));
      assertThat(seen.path("multiplexer").asString()).isEqualTo("/yamux/1.0.0");
      assertThat(states).isNotEmpty().allMatch(ConnectionState::earlyMuxer);
      assertThat(seen.path("pingMillis").size()).isEqualTo(3);
      assertThat(seen.path("agentVersion").asString()).startsWith("kith/");
      assertThat(texts(seen.path("protocols"))).contains(ECHO, Ping.PROTOCOL, "/ipfs/id/1.0.0");
      assertThat(texts(seen.path("listenAddresses")))
          .contains(host.listenAddresses().getFirst().toString());
      assertThat(seen.path("observedAddress").asString()).startsWith("/ip4/127.0.0.1/tcp/");
      assertThat(seen.path("echo").path("bytes").asInt()).isEqualTo(ECHO_BYTES);
      assertThat(seen.path("echo").path("equal").asBoolean()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SECP256K1, secp256k1, noise",
    "SECP256K1, Ed25519, noise",
    "ED25519, secp256k1, noise",
    "ED25519, Ed25519, noise",
    "SECP256K1, secp256k1, tls",
    "SECP256K1, Ed25519, tls",
    "ED25519, secp256k1, tls",
    "ED25519, Ed25519, tls"
  })
  void kith_dialsJs(KeyType ownKey, String jsKey, String security) throws Exception {
    try (JsScripts.Listening js = JsScripts.listen("--key", jsKey, "--security", security);
        Host host = host(ownKey)) {
      Multiaddr address = Multiaddr.parse(js.addresses().getFirst());
      PeerId peer = address.peer().orElseThrow();
      assertThat(peer.publicKey().orElseThrow().type().name()).isEqualToIgnoringCase(jsKey);
      CompletableFuture<PeerInfo> identified = identified(host, peer);
      Connection connection = host.connect(peer, List.of(address), SOON);
      assertThat(connection.state())
          .isEqualTo(new ConnectionState("tcp", protocol(security), "/yamux/1.0.0", true));

      try (Ping ping = Ping.open(host, peer, SOON)) {
        for (int i = 0; i < 5; i++) {
          assertThat(ping.ping(SOON)).isPositive();
        }
      }
      PeerInfo about = identified.get(30, TimeUnit.SECONDS);
      assertThat(about.agentVersion()).contains("js-libp2p");
      assertThat(about.protocols()).contains(ECHO, Ping.PROTOCOL);
      assertThat(about.listenAddresses()).contains(address.withoutPeer());
      assertThat(about.observedAddress()).isPresent();
      assertThatExceptionOfType(UnsupportedProtocolException.class)
          .isThrownBy(() -> host.open(peer, SOON, "/kith/none/1"));
      assertThat(host.open(peer, SOON, "/kith/none/1", ECHO).protocol()).isEqualTo(ECHO);
      echo(host, peer);
    }
  }

  /** Both speak both: TLS is what is agreed on, whoever dials. */
  @Test
  void tls_isPreferred() throws Exception {
    try (JsScripts.Listening js = JsScripts.listen("--security", "noise,tls");
        Host host = host(KeyType.ED25519)) {
      Multiaddr address = Multiaddr.parse(js.addresses().getFirst());
      Connection connection = host.connect(address.peer().orElseThrow(), List.of(address), SOON);
      assertThat(connection.state().security()).isEqualTo("/tls/1.0.0");
    }
  }

  private static void echo(Host host, PeerId peer) throws Exception {
    byte[] data = new byte[ECHO_BYTES];
    new Random(1).nextBytes(data);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Stream stream = host.open(peer, SOON, ECHO)) {
      stream.timeout(SOON);
      Future<byte[]> echo = threads.submit(() -> stream.input().readAllBytes());
      stream.output().write(data);
      stream.closeWrite();
      assertThat(Arrays.equals(echo.get(), data)).isTrue();
    }
  }

  /** What the host's connections are made of, as they come. */
  private static List<ConnectionState> states(Host host) {
    List<ConnectionState> states = new CopyOnWriteArrayList<>();
    host.listener(
        new HostListener() {
          @Override
          public void connected(PeerId peer) {
            host.connections().forEach(connection -> states.add(connection.state()));
          }
        });
    return states;
  }

  private static CompletableFuture<PeerInfo> identified(Host host, PeerId wanted) {
    CompletableFuture<PeerInfo> seen = new CompletableFuture<>();
    host.listener(
        new HostListener() {
          @Override
          public void identified(PeerId peer, PeerInfo info) {
            if (peer.equals(wanted)) {
              seen.complete(info);
            }
          }
        });
    return seen;
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }
}
