package dev.kith.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only a host over real sockets can do wrong. */
class TcpHostTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final PeerId NOBODY = Keys.fromSeed(KeyType.ED25519, 99).publicKey().peerId();

  private final List<Host> hosts = new ArrayList<>();

  @AfterEach
  void closeHosts() {
    hosts.forEach(Host::close);
  }

  private Host host(long seed, String... listen) throws Exception {
    HostBuilder builder = new HostBuilder(Keys.fromSeed(KeyType.ED25519, seed));
    for (String address : listen) {
      builder.listen(Multiaddr.parse(address));
    }
    hosts.add(builder.start());
    return hosts.getLast();
  }

  @Test
  void listen_onAWildcardAnnouncesTheInterfaces() throws Exception {
    Host host = host(1, "/ip4/0.0.0.0/tcp/0");
    assertThat(host.listenAddresses())
        .isNotEmpty()
        .noneMatch(address -> address.toString().contains("0.0.0.0"))
        .anyMatch(address -> address.toString().startsWith("/ip4/127.0.0.1/tcp/"))
        .noneMatch(address -> address.toString().endsWith("/tcp/0"));
  }

  @Test
  void listen_onSeveralAddressesServesAll() throws Exception {
    Host host = host(1, "/ip4/127.0.0.1/tcp/0", "/ip4/127.0.3.1/tcp/0");
    assertThat(host.listenAddresses()).hasSize(2);
    long seed = 2;
    for (Multiaddr address : host.listenAddresses()) {
      assertThat(host(seed++).connect(host.id(), List.of(address), SOON).open()).isTrue();
    }
  }

  @Test
  void listen_failsClearlyWhereItCannot() throws Exception {
    Host host = host(1, "/ip4/127.0.0.1/tcp/0");
    String taken = host.listenAddresses().getFirst().toString();
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> host(2, taken))
        .withMessageContaining(taken);
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> host(2, "/ip4/192.0.2.1/tcp/1"));
    assertThatIllegalArgumentException().isThrownBy(() -> host(2, "/ip4/127.0.0.1/udp/1"));
  }

  @Test
  void dial_resolvesNames() throws Exception {
    Host host = host(1, "/ip4/127.0.0.1/tcp/0");
    String port = host.listenAddresses().getFirst().value(Protocol.TCP).orElseThrow();
    Multiaddr named = Multiaddr.parse("/dns4/localhost/tcp/" + port);
    assertThat(host(2).connect(host.id(), List.of(named), SOON).open()).isTrue();
    Multiaddr unknown = Multiaddr.parse("/dns4/no-such-host.invalid/tcp/" + port);
    assertThatIOException()
        .isThrownBy(() -> host(3).connect(host.id(), List.of(unknown), SOON))
        .withMessageContaining("no-such-host.invalid");
  }

  @Test
  void dial_refusesAddressesOfNoTransport() throws Exception {
    Multiaddr strange = Multiaddr.parse("/ip4/127.0.0.1/udp/1");
    assertThatIOException()
        .isThrownBy(() -> host(1).connect(NOBODY, List.of(strange), SOON))
        .withMessageContaining("/udp/1");
  }

  @Test
  void dialThatTimesOut_closesItsSocket() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"))) {
      Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + silent.getLocalPort());
      Host host = host(1);
      assertThatExceptionOfType(SocketTimeoutException.class)
          .isThrownBy(() -> host.connect(NOBODY, List.of(address), Duration.ofMillis(300)));
      try (Socket accepted = silent.accept()) {
        accepted.setSoTimeout(20_000);
        InputStream in = accepted.getInputStream();
        in.readAllBytes(); // ends only when the dialler closes
      }
    }
  }

  @Test
  void dialThatIsInterrupted_closesItsSocket() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"))) {
      Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + silent.getLocalPort());
      Host host = host(1);
      Thread dialler =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      host.connect(NOBODY, List.of(address), SOON);
                    } catch (Exception expected) {
                      Thread.currentThread().interrupt();
                    }
                  });
      try (Socket accepted = silent.accept()) {
        accepted.setSoTimeout(20_000);
        dialler.interrupt();
        accepted.getInputStream().readAllBytes();
      }
      dialler.join();
    }
  }

  @Test
  void killedRemote_isNoticed() throws Exception {
    Host host = host(1, "/ip4/127.0.0.1/tcp/0");
    HostilePeer peer = new HostilePeer(host.listenAddresses().getFirst());
    peer.upgrade(Keys.fromSeed(KeyType.ED25519, 5));
    await().until(() -> host.connections().size() == 1);
    peer.socket.setSoLinger(true, 0); // RST, as when a process is killed with data under way
    peer.close();
    await().until(() -> host.connections().isEmpty());
  }

  /** In one of 25 rounds a socket and an engine outlived the host that closed. */
  @Test
  void close_endsHandshakesAtAnyPoint() throws Exception {
    for (int round = 0; round < 100; round++) {
      Host listener = host(1, "/ip4/127.0.0.1/tcp/0");
      Host dialler = host(2);
      long handshakeNanos = TimeUnit.MICROSECONDS.toNanos(100L * (round % 60));
      Thread closer =
          Thread.startVirtualThread(
              () -> {
                LockSupport.parkNanos(handshakeNanos);
                listener.close();
              });
      try {
        dialler.connect(listener.id(), listener.listenAddresses(), SOON);
      } catch (IOException e) {
        assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
      }
      dialler.close();
      closer.join();
    }
    LeakWatch.assertNoLeak();
  }
}
