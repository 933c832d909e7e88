package dev.kith.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Protocol;
import dev.kith.libp2p.ping.Ping;
import dev.kith.libp2p.quic.QuicLimits;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only a host over QUIC can do wrong. */
class QuicHostTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final PeerId NOBODY = Keys.fromSeed(KeyType.ED25519, 99).publicKey().peerId();
  private static final String LOOPBACK = "/ip4/127.0.0.1/udp/0/quic-v1";

  private final List<Host> hosts = new ArrayList<>();

  @AfterEach
  void closeHosts() {
    hosts.forEach(Host::close);
  }

  private Host start(HostBuilder builder) throws Exception {
    hosts.add(builder.start());
    return hosts.getLast();
  }

  private static HostBuilder builder(long seed, String... listen) {
    HostBuilder builder = new HostBuilder(Keys.fromSeed(KeyType.ED25519, seed));
    for (String address : listen) {
      builder.listen(Multiaddr.parse(address));
    }
    return builder;
  }

  private Host host(long seed, String... listen) throws Exception {
    return start(builder(seed, listen));
  }

  @Test
  void listen_onAWildcardAnnouncesTheInterfaces() throws Exception {
    Host host = host(1, "/ip4/0.0.0.0/udp/0/quic-v1");
    assertThat(host.listenAddresses())
        .isNotEmpty()
        .allMatch(address -> address.toString().endsWith("/quic-v1"))
        .noneMatch(address -> address.toString().contains("0.0.0.0"))
        .noneMatch(address -> address.toString().contains("/udp/0/"));
    long seed = 2;
    for (Multiaddr address : host.listenAddresses()) {
      assertThat(host(seed++).connect(host.id(), List.of(address), SOON).open()).isTrue();
    }
  }

  @Test
  void listen_takesOnePortForTcpAndQuic() throws Exception {
    Host host = host(1, "/ip4/127.0.0.1/tcp/0");
    String port = host.listenAddresses().getFirst().value(Protocol.TCP).orElseThrow();
    host.close();
    Host both = host(1, "/ip4/127.0.0.1/tcp/" + port, "/ip4/127.0.0.1/udp/" + port + "/quic-v1");
    assertThat(both.listenAddresses()).hasSize(2);
    Connection connection = host(2).connect(both.id(), both.listenAddresses(), SOON);
    assertThat(connection.state().transport()).as("its head start").isEqualTo("quic-v1");
    List<Multiaddr> tcp = List.of(both.listenAddresses().getFirst());
    assertThat(host(3).connect(both.id(), tcp, SOON).state().transport()).isEqualTo("tcp");
  }

  @Test
  void listen_failsClearlyWhereItCannot() throws Exception {
    String taken = host(1, LOOPBACK).listenAddresses().getFirst().toString();
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> host(2, taken))
        .withMessageContaining(taken);
  }

  @Test
  void dial_goesOutOfTheSocketThatListens() throws Exception {
    Host listener = host(1, LOOPBACK);
    Host dialler = host(2, LOOPBACK);
    dialler.connect(listener.id(), listener.listenAddresses(), SOON);
    await().until(() -> listener.connections().size() == 1);
    assertThat(listener.connections().getFirst().remoteAddress())
        .isEqualTo(dialler.listenAddresses().getFirst());
  }

  @Test
  void dial_worksOverIp6() throws Exception {
    Host listener = host(1, "/ip6/::1/udp/0/quic-v1");
    assertThat(host(2).connect(listener.id(), listener.listenAddresses(), SOON).open()).isTrue();
  }

  /** The dialler refuses the certificate, and has shown none of its own by then. */
  @Test
  void anotherPeerThanExpected_isRefused() throws Exception {
    Host listener = host(1, LOOPBACK);
    Host dialler = host(2);
    assertThatIOException()
        .isThrownBy(() -> dialler.connect(NOBODY, listener.listenAddresses(), SOON))
        .withMessageContaining("another peer answers: " + listener.id());
    assertThat(listener.connections()).isEmpty();
  }

  @Test
  void dialsThatFail_leaveNoSocketBehind() throws Exception {
    Host host = host(1);
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      Multiaddr address =
          Multiaddr.parse("/ip4/127.0.0.1/udp/" + silent.getLocalPort() + "/quic-v1");
      dialInVain(host, address);
      long before = openFiles();
      for (int i = 0; i < 20; i++) {
        dialInVain(host, address);
      }
      assertThat(openFiles()).isLessThan(before + 10);
      assertThat(host.usage().connections()).isZero();
    }
  }

  private static void dialInVain(Host host, Multiaddr address) {
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> host.connect(NOBODY, List.of(address), Duration.ofMillis(30)));
  }

  private static long openFiles() throws IOException {
    Path folder = Path.of("/proc/self/fd");
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (var files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void idleConnection_isKeptAliveUntilItsRemoteIsGone() throws Exception {
    QuicLimits limits =
        QuicLimits.STANDARD.withIdle(Duration.ofMillis(300), Duration.ofMillis(1_200));
    Host listener = start(builder(1, LOOPBACK).quicLimits(limits));
    Host dialler = start(builder(2).quicLimits(limits));
    Connection connection = dialler.connect(listener.id(), listener.listenAddresses(), SOON);
    await()
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(8))
        .until(() -> connection.open() && listener.connectedTo(dialler.id()));
    listener.close();
    await().until(() -> !connection.open());
  }

  @Test
  void manyStreamsOneAfterAnother_getTheirCreditBack() throws Exception {
    Host listener = host(1, LOOPBACK);
    listener.serve("/echo/1", stream -> stream.input().transferTo(stream.output()));
    Host dialler = host(2);
    dialler.connect(listener.id(), listener.listenAddresses(), SOON);
    for (int i = 0; i < 1_000; i++) {
      try (Stream stream = dialler.open(listener.id(), SOON, "/echo/1")) {
        stream.timeout(SOON);
        stream.output().write(i);
        stream.closeWrite();
        assertThat(stream.input().readAllBytes()).containsExactly((byte) i);
      }
    }
    assertThat(dialler.connections()).hasSize(1);
    await().until(() -> listener.usage().streamsInbound() <= 1);
  }

  /** A connection that its remote has closed counts no more, though QUIC keeps it for a while. */
  @Test
  void peerThatComesAndGoes_isWelcome() throws Exception {
    Host listener = host(1, LOOPBACK);
    for (int i = 0; i < 40; i++) {
      try (Host again = builder(2).start()) {
        Connection connection = again.connect(listener.id(), listener.listenAddresses(), SOON);
        Ping.open(connection, SOON).close();
      }
    }
    await().until(() -> listener.connections().isEmpty());
    assertThat(listener.usage().connectionsInbound()).isZero();
  }

  @Test
  void close_endsHandshakesAtAnyPoint() throws Exception {
    for (int round = 0; round < 20; round++) {
      Host listener = builder(1, LOOPBACK).start();
      Host dialler = builder(2).start();
      long handshakeNanos = TimeUnit.MICROSECONDS.toNanos(600L * round);
      boolean listenerEnds = round % 2 == 0;
      Thread closer =
          Thread.startVirtualThread(
              () -> {
                LockSupport.parkNanos(handshakeNanos);
                (listenerEnds ? listener : dialler).close();
              });
      try {
        dialler.connect(listener.id(), listener.listenAddresses(), Duration.ofMillis(500));
      } catch (IOException e) {
        assertThat(e).isNotNull();
      }
      closer.join();
      dialler.close();
      listener.close();
    }
    LeakWatch.assertNoLeak();
  }
}
