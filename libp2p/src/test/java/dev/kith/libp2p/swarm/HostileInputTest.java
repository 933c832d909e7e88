package dev.kith.libp2p.swarm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Protocol;
import dev.kith.libp2p.ping.Ping;
import dev.kith.libp2p.proto.NoiseProto.NoisePayloadProto;
import dev.kith.libp2p.resource.ResourceLimits;
import dev.kith.libp2p.yamux.YamuxLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers that break the rules over a real socket; an honest one must be served all along. */
class HostileInputTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final SwarmLimits LIMITS =
      new SwarmLimits(
          Duration.ofSeconds(2), Duration.ofSeconds(2), 256 << 10, YamuxLimits.STANDARD);
  private static final ResourceLimits RESOURCES =
      ResourceLimits.STANDARD
          .withSystem(ResourceLimits.STANDARD.system().withConnections(16, 16, 16))
          .withTransients(ResourceLimits.STANDARD.transients().withConnections(4, 16, 16))
          .withPeer(ResourceLimits.STANDARD.peer().withConnections(4, 4, 4));

  private final PrivateKey hostile = Keys.fromSeed(KeyType.ED25519, 66);
  private Host host;
  private Host honest;

  @BeforeEach
  void start() throws Exception {
    host =
        new HostBuilder(Keys.fromSeed(KeyType.SECP256K1, 1))
            .listen(
                Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), Multiaddr.parse("/ip4/127.0.0.1/tcp/0/ws"))
            .limits(LIMITS)
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
    try (Ping ping =
        await()
            .atMost(Duration.ofMinutes(1))
            .ignoreExceptions()
            .until(this::honestPing, p -> true)) {
      assertThat(ping.ping(SOON)).isPositive();
    } finally {
      honest.close();
      host.close();
    }
  }

  private Ping honestPing() throws Exception {
    honest.connect(host.id(), host.listenAddresses(), SOON);
    return Ping.open(honest, host.id(), SOON);
  }

  private HostilePeer dial() throws IOException {
    return new HostilePeer(host.listenAddresses().getFirst());
  }

  @Test
  void garbageInsteadOfAHandshake_isCutOff() throws Exception {
    for (String garbage :
        new String[] {
          "GET / HTTP/1.1\r\n\r\n", "\u0000\u0000\u0000", "\u0013/multistream/9.9.9\n"
        }) {
      try (HostilePeer peer = dial()) {
        peer.out.write(garbage.getBytes(US_ASCII));
        assertThat(peer.isCutOff()).as(garbage).isTrue();
      }
    }
    long seed = 4;
    byte[] random = new byte[100_000];
    new Random(seed).nextBytes(random);
    try (HostilePeer peer = dial()) {
      peer.out.write(random);
      assertThat(peer.isCutOff()).isTrue();
    } catch (IOException cutWhileWriting) {
      assertThat(cutWhileWriting).isNotNull();
    }
  }

  @Test
  void garbageAfterNoiseWasAgreedOn_isCutOff() throws Exception {
    for (int length : new int[] {0, 5, 32, 200, 8193, 65535}) {
      try (HostilePeer peer = dial()) {
        peer.out.write("\u0013/multistream/1.0.0\n\u0007/noise\n".getBytes(US_ASCII));
        peer.out.write(new byte[] {(byte) (length >>> 8), (byte) length});
        peer.out.write(new byte[Math.min(length, 300)]);
        assertThat(peer.isCutOff()).as("a message of %d bytes", length).isTrue();
      }
    }
  }

  /** There is no thread yet that would heed a deadline. */
  @Test
  void silentWebSocket_isCutOffInTime() throws Exception {
    String port = host.listenAddresses().getLast().value(Protocol.TCP).orElseThrow();
    try (HostilePeer silent = new HostilePeer(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port))) {
      assertThat(silent.isCutOff()).isTrue();
    }
  }

  @Test
  void silentOrSlowHandshake_isCutOffInTime() throws Exception {
    long start = System.nanoTime();
    try (HostilePeer silent = dial();
        HostilePeer slow = dial()) {
      slow.out.write("\u0013/multistr".getBytes(US_ASCII));
      assertThat(silent.isCutOff()).isTrue();
      assertThat(slow.isCutOff()).isTrue();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(15));
  }

  @Test
  void handshakesBeyondTheLimit_areCutOffAtOnce() throws Exception {
    List<HostilePeer> peers = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        peers.add(dial());
      }
      for (HostilePeer peer : peers) {
        assertThat(peer.isCutOff()).isTrue();
      }
      assertThat(host.connections()).isEmpty();
    } finally {
      for (HostilePeer peer : peers) {
        peer.close();
      }
    }
  }

  @Test
  void forgedSignature_endsTheHandshake() throws Exception {
    PrivateKey victim = Keys.fromSeed(KeyType.SECP256K1, 3);
    byte[] forged =
        NoisePayloadProto.newBuilder()
            .setIdentityKey(ByteString.copyFrom(victim.publicKey().encoded().toArray()))
            .setIdentitySig(ByteString.copyFrom(hostile.sign(new byte[56])))
            .build()
            .toByteArray();
    byte[] missing = new byte[0];
    for (byte[] payload : new byte[][] {forged, missing}) {
      try (HostilePeer peer = dial()) {
        peer.handshakeWithPayload(payload);
        assertThat(peer.isCutOff()).isTrue();
      }
    }
    assertThat(host.connections()).isEmpty();
  }

  @Test
  void alteredMessage_endsTheConnection() throws Exception {
    try (HostilePeer peer = dial()) {
      peer.upgrade(hostile);
      await().until(() -> host.connectedTo(hostile.publicKey().peerId()));
      peer.out.write(new byte[] {0, 40});
      peer.out.write(new byte[40]);
      assertThat(peer.isCutOff()).isTrue();
      await().until(() -> host.connections().isEmpty());
    }
  }

  @Test
  void framesThatAreNone_endTheConnection() throws Exception {
    try (HostilePeer peer = dial()) {
      HostilePeer.Channel channel = peer.upgrade(hostile);
      channel.out().write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
      assertThat(peer.isCutOff()).isTrue();
    }
    try (HostilePeer peer = dial()) {
      HostilePeer.Channel channel = peer.upgrade(hostile);
      channel.frame(HostilePeer.DATA, HostilePeer.SYN, 1, -1);
      assertThat(peer.isCutOff()).as("4 GiB announced").isTrue();
    }
  }

  @Test
  void streamFlood_isBounded() throws Exception {
    try (HostilePeer peer = dial()) {
      HostilePeer.Channel channel = peer.upgrade(hostile);
      int flood = 2 * YamuxLimits.STANDARD.inboundStreamsMax();
      ByteBuffer burst = ByteBuffer.allocate(12 * flood);
      for (int i = 0; i < flood; i++) {
        burst.put(HostilePeer.header(HostilePeer.WINDOW_UPDATE, HostilePeer.SYN, 1 + 2 * i, 0));
      }
      channel.out().write(burst.array());
      int last = 1 + 2 * (flood - 1);
      assertThat(channel.next(last)[1]).as("RST").isEqualTo(8);
      assertThat(host.connectedTo(hostile.publicKey().peerId())).isTrue();
    }
  }

  @Test
  void streamThatNamesNoProtocol_isReset() throws Exception {
    try (HostilePeer peer = dial()) {
      HostilePeer.Channel channel = peer.upgrade(hostile);
      channel.frame(HostilePeer.WINDOW_UPDATE, HostilePeer.SYN, 1, 0);
      int[] frame = channel.next(1);
      while ((frame[1] & 8) == 0) {
        frame = channel.next(1);
      }
      assertThat(host.connectedTo(hostile.publicKey().peerId())).isTrue();
    }
  }

  @Test
  void windowOverrun_resetsTheStreamOnly() throws Exception {
    host.serve("/test/deaf/1", stream -> new CountDownLatch(1).await());
    try (HostilePeer peer = dial()) {
      HostilePeer.Channel channel = peer.upgrade(hostile);
      byte[] negotiation = "\u0013/multistream/1.0.0\n\015/test/deaf/1\n".getBytes(US_ASCII);
      channel.frame(HostilePeer.DATA, HostilePeer.SYN, 1, negotiation.length, negotiation);
      byte[] block = new byte[60_000];
      for (int i = 0; i < 5; i++) {
        channel.frame(HostilePeer.DATA, 0, 1, block.length, block);
      }
      int[] frame = channel.next(1);
      while ((frame[1] & 8) == 0) {
        frame = channel.next(1);
      }
      channel.frame(HostilePeer.PING, HostilePeer.SYN, 0, 7);
      assertThat(host.connectedTo(hostile.publicKey().peerId())).isTrue();
    }
  }

  @Test
  void pingFloodWithoutReading_isCutOff() throws Exception {
    try (HostilePeer peer = dial()) {
      HostilePeer.Channel channel = peer.upgrade(hostile);
      ByteBuffer burst = ByteBuffer.allocate(12 * 5_000);
      while (burst.hasRemaining()) {
        burst.put(HostilePeer.header(HostilePeer.PING, HostilePeer.SYN, 0, 7));
      }
      assertThatIOException()
          .isThrownBy(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  channel.out().write(burst.array());
                }
              });
    }
    await().until(() -> host.connections().isEmpty());
  }

  @Test
  void connectionsOfOnePeer_areBounded() throws Exception {
    List<HostilePeer> peers = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        peers.add(dial());
        if (i < 4) {
          peers.getLast().upgrade(hostile);
        } else {
          assertThatIOException()
              .as("no muxer for a connection too many")
              .isThrownBy(() -> peers.getLast().upgrade(hostile));
        }
        int expected = Math.min(i + 1, 4);
        await().until(() -> host.connections().size() == expected);
      }
      assertThat(peers.getLast().isCutOff()).isTrue();
    } finally {
      for (HostilePeer peer : peers) {
        peer.close();
      }
    }
  }
}
