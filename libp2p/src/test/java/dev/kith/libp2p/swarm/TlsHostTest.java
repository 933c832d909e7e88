package dev.kith.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.ConnectionState;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.tls.TlsProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts that secure their connections by TLS, or agree not to. */
class TlsHostTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String ECHO = "/echo/1.0.0";
  private static final int ECHO_BYTES = 3_000_000;

  private final List<Host> hosts = new ArrayList<>();

  @AfterEach
  void closeHosts() {
    hosts.forEach(Host::close);
  }

  @AfterAll
  static void noBufferIsLost() {
    LeakWatch.assertNoLeak();
  }

  private static HostBuilder builder(KeyType type, long seed) {
    return new HostBuilder(Keys.fromSeed(type, seed))
        .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
  }

  private Host start(HostBuilder builder) throws Exception {
    hosts.add(builder.start());
    return hosts.getLast();
  }

  private static ConnectionState connect(Host dialler, Host listener) throws Exception {
    Connection connection = dialler.connect(listener.id(), listener.listenAddresses(), SOON);
    await().until(() -> listener.connections().size() == 1);
    assertThat(listener.connections().getFirst().remotePeer()).isEqualTo(dialler.id());
    assertThat(listener.connections().getFirst().state()).isEqualTo(connection.state());
    return connection.state();
  }

  @ParameterizedTest
  @CsvSource({
    "BORINGSSL, BORINGSSL, SECP256K1",
    "BORINGSSL, BORINGSSL, ED25519",
    "BORINGSSL, JDK, SECP256K1",
    "JDK, BORINGSSL, ED25519",
    "JDK, JDK, SECP256K1"
  })
  void anyTwoProviders_agreeEarlyOnYamuxAndEcho(
      TlsProvider dialling, TlsProvider listening, KeyType key) throws Exception {
    Host listener = start(builder(key, 1).tlsProvider(listening));
    listener.serve(ECHO, stream -> stream.input().transferTo(stream.output()));
    Host dialler = start(builder(key, 2).tlsProvider(dialling));
    assertThat(connect(dialler, listener))
        .isEqualTo(new ConnectionState("tcp", "/tls/1.0.0", "/yamux/1.0.0", true));
    byte[] data = new byte[ECHO_BYTES];
    new Random(1).nextBytes(data);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Stream stream = dialler.open(listener.id(), SOON, ECHO)) {
      stream.timeout(SOON);
      Future<byte[]> echo = threads.submit(() -> stream.input().readAllBytes());
      stream.output().write(data);
      stream.closeWrite();
      assertThat(echo.get()).isEqualTo(data);
    }
    listener.connections().getFirst().close();
    await().until(() -> dialler.connections().isEmpty());
  }

  @Test
  void builtInTls_isBoringSslWhereItLoads() {
    assertThat(TlsProvider.best()).isEqualTo(TlsProvider.BORINGSSL);
  }

  @Test
  void security_isTheFirstOfTheDiallersThatTheListenerSpeaks() throws Exception {
    Host noiseOnly = start(builder(KeyType.ED25519, 1).securities(Security.NOISE));
    Host tlsOnly = start(builder(KeyType.ED25519, 2).securities(Security.TLS));
    Host noiseFirst = start(builder(KeyType.ED25519, 3).securities(Security.NOISE, Security.TLS));
    assertThat(connect(noiseFirst, tlsOnly).security()).isEqualTo("/tls/1.0.0");
    Host standard = start(builder(KeyType.ED25519, 4));
    assertThat(connect(standard, noiseOnly))
        .isEqualTo(new ConnectionState("tcp", "/noise", "/yamux/1.0.0", true));
    Host other = start(builder(KeyType.ED25519, 5));
    assertThat(connect(noiseFirst, other).security()).isEqualTo("/noise");
    assertThatIOException()
        .isThrownBy(() -> noiseOnly.connect(tlsOnly.id(), tlsOnly.listenAddresses(), SOON))
        .withMessageContaining("/noise");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(KeyType.ED25519, 6).securities(Security.TLS, Security.TLS));
  }

  /** The dialler refuses the certificate, and has shown none of its own by then. */
  @ParameterizedTest
  @CsvSource({"BORINGSSL", "JDK"})
  void anotherPeerThanExpected_isRefused(TlsProvider provider) throws Exception {
    Host listener = start(builder(KeyType.ED25519, 1).tlsProvider(provider));
    Host dialler = start(builder(KeyType.ED25519, 2).tlsProvider(provider));
    PeerId expected = Keys.fromSeed(KeyType.ED25519, 99).publicKey().peerId();
    assertThatIOException()
        .isThrownBy(() -> dialler.connect(expected, listener.listenAddresses(), SOON))
        .withMessageContaining("another peer answers: " + listener.id());
    assertThat(listener.connections()).isEmpty();
  }
}
