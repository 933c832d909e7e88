package dev.kith.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Protocol;
import dev.kith.libp2p.resource.Usage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Thousands of streams and connections come and go, and leave nothing behind. */
class ResourceLeakTest {
  /** A QUIC connection whose last packet was lost is held until nothing has come for 15 s. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(40);

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String ECHO = "/test/echo/1";
  private static final int WRITERS = 16;
  private static final int DIALLERS = 4;

  @TempDir private Path folder;
  private final List<Host> hosts = new ArrayList<>();

  /** What carries the connections. */
  enum Carrier {
    TLS("/ip4/127.0.0.1/tcp/0", Security.TLS),
    NOISE("/ip4/127.0.0.1/tcp/0", Security.NOISE),
    QUIC("/ip4/127.0.0.1/udp/0/quic-v1", Security.TLS);

    private final String listen;
    private final Security security;

    Carrier(String listen, Security security) {
      this.listen = listen;
      this.security = security;
    }

    private HostBuilder builder(long seed) {
      return new HostBuilder(Keys.fromSeed(KeyType.ED25519, seed)).securities(security);
    }

    /** A handshake that is cut after more or less of it. */
    private void cut(Multiaddr address, int round) throws IOException {
      if (this == QUIC) {
        cutQuic(address, round);
        return;
      }
      var target = address.tcpAddress().orElseThrow();
      String begun = "\u0013/multistream/1.0.0\n" + (char) (security.protocol().length() + 1);
      byte[] bytes =
          (begun + security.protocol() + "\n\u0016\u0003").getBytes(StandardCharsets.ISO_8859_1);
      try (Socket socket = new Socket(target.getAddress(), target.getPort())) {
        socket.getOutputStream().write(bytes, 0, Math.min(bytes.length, round % 40));
        socket.setSoLinger(round % 2 == 0, 0);
      }
    }

    /** Packets that look like a client's first one and are not. */
    private static void cutQuic(Multiaddr address, int round) throws IOException {
      int port = Integer.parseInt(address.value(Protocol.UDP).orElseThrow());
      byte[] packet = new byte[1_200];
      new Random(round).nextBytes(packet);
      packet[0] = (byte) 0xc3; // a long header, Initial
      System.arraycopy(new byte[] {0, 0, 0, 1, 8}, 0, packet, 1, 5);
      packet[14] = 8;
      packet[23] = 0; // no token
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.send(new DatagramPacket(packet, packet.length, address.ip().orElseThrow(), port));
      }
    }
  }

  @AfterEach
  void closeHosts() {
    hosts.forEach(Host::close);
    LeakWatch.assertNoLeak();
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void streamsAndConnections_leaveNothingBehind(Carrier carrier) throws Exception {
    Host listener = carrier.builder(1).listen(Multiaddr.parse(carrier.listen)).start();
    List<Host> diallers = new ArrayList<>();
    for (int i = 0; i < DIALLERS; i++) {
      diallers.add(carrier.builder(2 + i).start());
    }
    hosts.add(listener);
    hosts.addAll(diallers);
    // Not on the event loops: the leak detector's monitors, which all buffers meet at this level,
    // may be passed on to a thread whose carrier then waits for them.
    listener.serve(ECHO, stream -> stream.input().transferTo(stream.output()));
    streams(listener, diallers.getFirst(), 2_000);
    connections(carrier, listener, diallers, 100);
    idle(listener, diallers);
    Footprint before = Footprint.of(folder);

    streams(listener, diallers.getFirst(), 10_000);
    connections(carrier, listener, diallers, 1_000);
    idle(listener, diallers);
    await().atMost(SOON).untilAsserted(() -> Footprint.of(folder).assertNoMoreThan(before));
  }

  private static void idle(Host listener, List<Host> diallers) {
    diallers.forEach(dialler -> dialler.connections().forEach(Connection::close));
    await().atMost(SOON).until(() -> listener.connections().isEmpty());
    await()
        .atMost(SILENCE_MAX)
        .untilAsserted(() -> assertThat(listener.usage()).isEqualTo(Usage.NONE));
    for (Host dialler : diallers) {
      await()
          .atMost(SILENCE_MAX)
          .untilAsserted(() -> assertThat(dialler.usage()).isEqualTo(Usage.NONE));
    }
  }

  /** Most end well, some are reset by this side, some are left to the other. */
  private static void streams(Host listener, Host dialler, int count) throws Exception {
    Connection connection = dialler.connect(listener.id(), listener.listenAddresses(), SOON);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < count / WRITERS; i++) {
                    echo(connection, i);
                  }
                  return writers;
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    assertThat(connection.open()).isTrue();
  }

  private static void echo(Connection connection, int i) throws Exception {
    byte[] message = new byte[100];
    try (Stream stream = connection.openStream(SOON, ECHO)) {
      stream.timeout(SOON);
      stream.output().write(message);
      if (i % 10 == 0) {
        stream.reset();
        return;
      }
      if (i % 10 == 1) {
        return;
      }
      stream.closeWrite();
      assertThat(stream.input().readAllBytes()).hasSize(message.length);
    }
  }

  /** Several hosts dial at once, each one connection after another. */
  private static void connections(Carrier carrier, Host listener, List<Host> diallers, int count)
      throws Exception {
    diallers.forEach(dialler -> dialler.connections().forEach(Connection::close));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (Host dialler : diallers) {
        done.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < count / diallers.size(); i++) {
                    connect(carrier, listener, dialler, i);
                  }
                  return dialler;
                }));
      }
      for (Future<?> future : done) {
        future.get();
      }
    }
  }

  /** A third is closed by each side; a third never gets through its handshake. */
  private static void connect(Carrier carrier, Host listener, Host dialler, int i)
      throws Exception {
    if (i % 3 == 0) {
      carrier.cut(listener.listenAddresses().getFirst(), i);
      return;
    }
    Connection connection = dialler.connect(listener.id(), listener.listenAddresses(), SOON);
    if (i % 3 == 1) {
      connection.close();
      return;
    }
    fast()
        .until(
            () -> {
              listener.connections().stream()
                  .filter(c -> c.remotePeer().equals(dialler.id()))
                  .forEach(Connection::close);
              return !connection.open();
            });
  }

  private static ConditionFactory fast() {
    return await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
  }
}
