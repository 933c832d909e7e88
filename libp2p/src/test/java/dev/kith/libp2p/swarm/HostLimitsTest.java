package dev.kith.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.connmgr.WaterMarks;
import dev.kith.libp2p.gater.DenyList;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.ConnectionGater;
import dev.kith.libp2p.host.EventFeed;
import dev.kith.libp2p.host.GatedException;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostEvent;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.Direction;
import dev.kith.libp2p.resource.ResourceLimits;
import dev.kith.libp2p.resource.Usage;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a host refuses, trims and tells, over real sockets. */
class HostLimitsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String WAIT = "/test/wait/1";

  private final List<Host> hosts = new ArrayList<>();

  @AfterEach
  void closeHosts() {
    hosts.forEach(Host::close);
  }

  private Host listener(HostBuilder builder) throws Exception {
    hosts.add(builder.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).start());
    return hosts.getLast();
  }

  private static HostBuilder builder(long seed) {
    return new HostBuilder(Keys.fromSeed(KeyType.ED25519, seed));
  }

  private Host dialler(long seed) throws Exception {
    hosts.add(builder(seed).start());
    return hosts.getLast();
  }

  private static Connection connect(Host from, Host to) throws Exception {
    return from.connect(to.id(), to.listenAddresses(), SOON);
  }

  private static List<HostEvent> drain(EventFeed feed) throws InterruptedException {
    List<HostEvent> events = new ArrayList<>();
    for (HostEvent next = feed.poll(Duration.ZERO); next != null; next = feed.poll(Duration.ZERO)) {
      events.add(next);
    }
    return events;
  }

  @Test
  void streamsOfOneProtocol_areBoundedToldOnceAndHeldAgainstThePeer() throws Exception {
    Host listener =
        listener(builder(1).resources(ResourceLimits.STANDARD.withProtocolPeer(5, 100, 100)));
    listener.serve(WAIT, stream -> stream.input().readAllBytes());
    Host dialler = dialler(2);
    Connection connection = connect(dialler, listener);
    try (EventFeed feed = listener.events(100)) {
      List<Stream> open = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        open.add(connection.openStream(SOON, WAIT));
      }
      await().until(() -> listener.usage(dialler.id()).streamsInbound() >= 5);
      for (int i = 0; i < 20; i++) {
        assertThatIOException().isThrownBy(() -> readOne(connection));
      }
      assertThat(drain(feed).stream().filter(HostEvent.LimitReached.class::isInstance)).hasSize(1);
      assertThat(listener.connectionManager().value(dialler.id())).isNegative();
      open.forEach(Stream::reset);
      await().until(() -> listener.usage(dialler.id()).streams() == 0);
      try (Stream again = connection.openStream(SOON, WAIT)) {
        assertThat(again.protocol()).isEqualTo(WAIT);
      }
    }
    connection.close();
    await().untilAsserted(() -> assertThat(listener.usage()).isEqualTo(Usage.NONE));
    await().untilAsserted(() -> assertThat(dialler.usage()).isEqualTo(Usage.NONE));
  }

  /** A refusal may come before or after the protocol seems agreed on. */
  private static void readOne(Connection connection) throws IOException, InterruptedException {
    Stream stream = connection.openStream(SOON, WAIT);
    stream.timeout(SOON);
    try {
      assertThat(stream.input().read()).isNotNegative();
    } finally {
      stream.reset();
    }
  }

  @Test
  void connectionsOfOneSubscriber_areBoundedBeforeTheirHandshake() throws Exception {
    Host listener = listener(builder(1).resources(ResourceLimits.STANDARD.withSubnets(2, 2, true)));
    connect(dialler(2), listener);
    connect(dialler(3), listener);
    Host third = dialler(4);
    assertThatIOException().isThrownBy(() -> connect(third, listener));
    hosts.get(1).close();
    await().until(() -> listener.usage().connections() == 1);
    connect(third, listener);
  }

  @Test
  void tooManyConnections_areTrimmedButForTheProtectedAndTheUseful() throws Exception {
    Host listener =
        listener(
            builder(1).waterMarks(new WaterMarks(2, 4, Duration.ZERO, Duration.ofMillis(100))));
    List<Host> diallers = new ArrayList<>();
    try (EventFeed feed = listener.events(100)) {
      for (int i = 0; i < 6; i++) {
        Host dialler = dialler(10 + i);
        diallers.add(dialler);
        if (i == 0) {
          listener.connectionManager().protect(dialler.id(), "test");
        }
        if (i == 1) {
          listener.connectionManager().tag(dialler.id(), "useful", 50);
        }
        connect(dialler, listener);
      }
      await().until(() -> listener.connections().size() <= 4);
      listener.connectionManager().trim();
      await().until(() -> listener.connections().size() == 2);
      assertThat(listener.connectedTo(diallers.get(0).id())).isTrue();
      assertThat(listener.connectedTo(diallers.get(1).id())).isTrue();
      assertThat(drain(feed))
          .anyMatch(HostEvent.ConnectionTrimmed.class::isInstance)
          .contains(
              new HostEvent.PeerConnected(diallers.get(0).id()),
              new HostEvent.PeerDisconnected(diallers.get(5).id()));
    }
  }

  @Test
  void deniedAddress_isClosedBeforeAnythingIsRead() throws Exception {
    DenyList list = new DenyList();
    Host listener = listener(builder(1).gater(list));
    Host dialler = dialler(2);
    list.deny(InetAddress.getLoopbackAddress());
    assertThatIOException().isThrownBy(() -> connect(dialler, listener));
    assertThat(listener.usage()).isEqualTo(Usage.NONE);
    list.allow(InetAddress.getLoopbackAddress());
    list.deny(dialler.id());
    assertThatIOException().isThrownBy(() -> echoes(connect(dialler, listener)));
    list.allow(dialler.id());
    await().ignoreExceptions().until(() -> connect(dialler, listener).open());
  }

  /** A dialler is done before the listener has refused it. */
  private static void echoes(Connection connection) throws IOException, InterruptedException {
    try (Stream stream = connection.openStream(SOON, "/ipfs/ping/1.0.0")) {
      stream.timeout(SOON);
      stream.output().write(new byte[32]);
      if (stream.input().read() < 0) {
        throw new IOException("closed");
      }
    }
  }

  @Test
  void gater_isAskedAtEachStepWhenDialling() throws Exception {
    AtomicReference<String> refused = new AtomicReference<>("");
    ConnectionGater gater =
        new ConnectionGater() {
          @Override
          public boolean dialsPeer(PeerId peer) {
            return !"peer".equals(refused.get());
          }

          @Override
          public boolean dialsAddress(PeerId peer, Multiaddr address) {
            return !"address".equals(refused.get());
          }

          @Override
          public boolean admitsSecured(Direction direction, PeerId peer, Multiaddr remote) {
            return !"secured".equals(refused.get()) || direction == Direction.INBOUND;
          }

          @Override
          public boolean admitsUpgraded(Connection connection) {
            return !"upgraded".equals(refused.get()) || !connection.outbound();
          }
        };
    Host listener = listener(builder(1));
    Host dialler = builder(2).gater(gater).start();
    hosts.add(dialler);
    for (String step : List.of("peer", "address", "secured", "upgraded")) {
      refused.set(step);
      assertThatIOException().as(step).isThrownBy(() -> connect(dialler, listener));
      assertThat(dialler.connections()).isEmpty();
      await().untilAsserted(() -> assertThat(dialler.usage()).isEqualTo(Usage.NONE));
    }
    refused.set("peer");
    assertThatExceptionOfType(GatedException.class).isThrownBy(() -> connect(dialler, listener));
    refused.set("");
    await().ignoreExceptions().until(() -> connect(dialler, listener).open());
  }

  @Test
  void feedThatIsNotRead_dropsAndCountsAndHoldsNobodyUp() throws Exception {
    Host listener = listener(builder(1));
    try (EventFeed feed = listener.events(2)) {
      for (int i = 0; i < 3; i++) {
        connect(dialler(10 + i), listener);
      }
      await().until(() -> listener.connections().size() == 3 && feed.dropped() >= 1);
      assertThat(drain(feed)).hasSize(2);
    }
  }
}
