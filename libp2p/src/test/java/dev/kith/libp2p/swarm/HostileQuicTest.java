package dev.kith.libp2p.swarm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.StreamHandler;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.ping.Ping;
import dev.kith.libp2p.quic.QuicLimits;
import dev.kith.libp2p.resource.ResourceLimits;
import dev.kith.libp2p.tls.HostileIdentities;
import dev.kith.libp2p.yamux.YamuxLimits;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that break the rules of QUIC; an honest one must be served all along. */
class HostileQuicTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int HANDSHAKES_MAX = 8;
  private static final int RESETS_MAX = 50;
  private static final SwarmLimits LIMITS =
      new SwarmLimits(
          Duration.ofSeconds(3), Duration.ofSeconds(2), 256 << 10, YamuxLimits.STANDARD);
  private static final ResourceLimits RESOURCES =
      ResourceLimits.STANDARD
          .withTransients(
              ResourceLimits.STANDARD.transients().withConnections(HANDSHAKES_MAX, 64, 64))
          .withPeer(ResourceLimits.STANDARD.peer().withConnections(4, 4, 4));

  private final PrivateKey hostile = Keys.fromSeed(KeyType.ED25519, 66);
  private Host host;
  private Host honest;

  @BeforeEach
  void start() throws Exception {
    host =
        new HostBuilder(Keys.fromSeed(KeyType.SECP256K1, 1))
            .listen(Multiaddr.parse("/ip4/127.0.0.1/udp/0/quic-v1"))
            .limits(LIMITS)
            .quicLimits(QuicLimits.STANDARD.withResetStreamsMax(RESETS_MAX))
            .resources(RESOURCES)
            .start();
    honest = new HostBuilder(Keys.fromSeed(KeyType.SECP256K1, 2)).start();
  }

  @AfterAll
  static void noBufferIsLost() {
    LeakWatch.assertNoLeak();
  }

  @AfterEach
  void honestPeersAreStillServed() throws Exception {
    try {
      pingHonestly();
    } finally {
      honest.close();
      host.close();
    }
  }

  private void pingHonestly() throws Exception {
    honest.connect(host.id(), host.listenAddresses(), SOON);
    try (Ping ping = Ping.open(honest, host.id(), SOON)) {
      assertThat(ping.ping(SOON)).isPositive();
    }
  }

  private QuicPeer peer(HostileIdentities shown) throws InterruptedException {
    return new QuicPeer(
        host.listenAddresses().getFirst(), shown.keyManager(hostile), false, "libp2p");
  }

  private QuicChannel connect(QuicPeer peer) throws InterruptedException {
    QuicChannel connection = peer.connect();
    await().until(() -> host.connectedTo(hostile.publicKey().peerId()));
    return connection;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HONEST")
  void certificateThatProvesNothing_isRefused(HostileIdentities shown) throws Exception {
    try (QuicPeer peer = peer(shown)) {
      assertThat(peer.isRefused()).isTrue();
    }
    assertThat(host.connections()).isEmpty();
  }

  /** The other tests' client, which shows that it is refused for what it shows. */
  @Test
  void honestCertificate_isAccepted() throws Exception {
    try (QuicPeer peer = peer(HostileIdentities.HONEST)) {
      QuicChannel connection = connect(peer);
      assertThat(host.connections().getFirst().remoteKey()).isEqualTo(hostile.publicKey());
      connection.close().sync();
    }
    await().until(() -> host.connections().isEmpty());
  }

  @Test
  void alpnWithoutAnythingInCommon_isRefused() throws Exception {
    try (QuicPeer peer =
        new QuicPeer(
            host.listenAddresses().getFirst(),
            HostileIdentities.HONEST.keyManager(hostile),
            false,
            "h3")) {
      assertThat(peer.isRefused()).isTrue();
    }
    assertThat(host.connections()).isEmpty();
  }

  @Test
  void garbageDatagrams_areDropped() throws Exception {
    long seed = 7;
    Random random = new Random(seed);
    var target = host.listenAddresses().getFirst().quicAddress().orElseThrow();
    try (DatagramSocket socket = new DatagramSocket()) {
      for (int i = 0; i < 3_000; i++) {
        byte[] garbage = new byte[i % 3 == 0 ? 1_200 : random.nextInt(1_400)];
        random.nextBytes(garbage);
        if (i % 3 == 0) {
          // An Initial packet of version 1 whose id, token and payload are noise.
          byte[] head = {(byte) 0xc3, 0, 0, 0, 1, 8};
          System.arraycopy(head, 0, garbage, 0, head.length);
        }
        socket.send(new DatagramPacket(garbage, garbage.length, target));
      }
    }
    assertThat(host.connections()).isEmpty();
  }

  @Test
  void handshakesThatNeverEnd_takeAFewPlacesForAWhile() throws Exception {
    try (QuicPeer deaf =
        new QuicPeer(
            host.listenAddresses().getFirst(),
            HostileIdentities.HONEST.keyManager(hostile),
            true,
            "libp2p")) {
      for (int i = 0; i < 200; i++) {
        var _ = deaf.begin();
      }
      await().until(() -> host.usage().connectionsInbound() > 0);
      // Beyond a quarter of the places a dialler has to prove its address, which these cannot.
      pingHonestly();
      assertThat(host.usage().connectionsInbound()).isLessThanOrEqualTo(HANDSHAKES_MAX / 2);
      honest.connections().forEach(Connection::close);
      await().atMost(SOON).until(() -> host.usage().connectionsInbound() <= 2);
    }
  }

  @Test
  void connectionsOfOnePeer_areBounded() throws Exception {
    try (QuicPeer peer = peer(HostileIdentities.HONEST)) {
      for (int i = 0; i < 4; i++) {
        connect(peer);
        int expected = i + 1;
        await().until(() -> host.connections().size() == expected);
      }
      assertThat(peer.isRefused()).isTrue();
      assertThat(host.connections()).hasSize(4);
    }
  }

  @Test
  void streamFlood_isBoundedAndStreamsWithoutAProtocolAreReset() throws Exception {
    try (QuicPeer peer = peer(HostileIdentities.HONEST)) {
      QuicChannel connection = connect(peer);
      List<QuicPeer.Received> received = new ArrayList<>();
      while (connection.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0) {
        received.add(new QuicPeer.Received());
        QuicStreamChannel stream = QuicPeer.open(connection, received.getLast());
        stream.writeAndFlush(Unpooled.copiedBuffer("\u0013/multistr", US_ASCII)).sync();
      }
      assertThat(received).hasSizeBetween(100, 300);
      await().atMost(SOON).until(() -> received.stream().allMatch(r -> r.failed));
      assertThat(connection.isActive()).isTrue();
      await().until(() -> host.usage().streamsInbound() < 10);
    }
  }

  /** Netty keeps such streams in its tables until their connection ends, if it is not told. */
  @Test
  void streamsThatAreResetAtOnce_leaveTheConnectionStanding() throws Exception {
    try (QuicPeer peer = peer(HostileIdentities.HONEST)) {
      QuicChannel connection = connect(peer);
      for (int i = 0; i < 10 * RESETS_MAX; i++) {
        await()
            .pollInterval(Duration.ofMillis(2))
            .until(() -> connection.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0);
        QuicStreamChannel stream = QuicPeer.open(connection, new QuicPeer.Received());
        stream.writeAndFlush(Unpooled.copiedBuffer("\u0013/multistr", US_ASCII)).sync();
        stream.shutdown(7, stream.newPromise()).sync();
      }
      assertThat(connection.isActive()).isTrue();
      assertThat(host.connectedTo(hostile.publicKey().peerId())).isTrue();
    }
  }

  @Test
  void peerThatReadsNothing_holdsUpItsOwnStreamOnly() throws Exception {
    AtomicLong written = new AtomicLong();
    host.serve(
        "/test/source/1",
        StreamHandler.streaming(
            stream -> {
              byte[] block = new byte[16 << 10];
              for (int i = 0; i < 4_096; i++) {
                stream.output().write(block);
                written.addAndGet(block.length);
              }
            }));
    try (QuicPeer peer = peer(HostileIdentities.HONEST)) {
      QuicChannel connection = connect(peer);
      QuicPeer.Received silent = new QuicPeer.Received();
      QuicStreamChannel stalled = QuicPeer.open(connection, silent);
      stalled.config().setAutoRead(false);
      String ask = "\u0013/multistream/1.0.0\n\u000f/test/source/1\n";
      stalled.writeAndFlush(Unpooled.copiedBuffer(ask, US_ASCII)).sync();
      await().until(() -> written.get() > 0);
      QuicPeer.Received echoed = new QuicPeer.Received();
      QuicStreamChannel ping = QuicPeer.open(connection, echoed);
      String pinged = "\u0013/multistream/1.0.0\n\u0011/ipfs/ping/1.0.0\n" + "p".repeat(32);
      ping.writeAndFlush(Unpooled.copiedBuffer(pinged, US_ASCII)).sync();
      echoed.await(pinged.length());
      assertThat(written.get()).isLessThan(4 << 20);
    }
  }

  @Test
  void stopSending_endsWritingAndNothingElse() throws Exception {
    try (QuicPeer peer = peer(HostileIdentities.HONEST)) {
      QuicChannel connection = connect(peer);
      QuicPeer.Received echoed = new QuicPeer.Received();
      QuicStreamChannel ping = QuicPeer.open(connection, echoed);
      String pinged = "\u0013/multistream/1.0.0\n\u0011/ipfs/ping/1.0.0\n" + "p".repeat(32);
      ping.writeAndFlush(Unpooled.copiedBuffer(pinged, US_ASCII)).sync();
      echoed.await(pinged.length());
      ping.shutdownInput(3, ping.newPromise()).sync();
      // A handler learns of it by the write after the next one.
      await()
          .until(
              () -> {
                var _ = ping.writeAndFlush(Unpooled.copiedBuffer("p".repeat(32), US_ASCII));
                return host.usage(hostile.publicKey().peerId()).streamsInbound() == 0;
              });
      assertThat(connection.isActive()).isTrue();
      assertThat(host.connectedTo(hostile.publicKey().peerId())).isTrue();
    }
  }
}
