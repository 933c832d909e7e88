package dev.kith.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multistream.Multistream;
import dev.kith.libp2p.ping.Ping;
import dev.kith.libp2p.resource.ResourceLimits;
import dev.kith.libp2p.tls.HostileIdentities;
import dev.kith.libp2p.tls.TlsProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that break the rules of TLS over a real socket; an honest one must be served all along. */
@ParameterizedClass
@EnumSource(TlsProvider.class)
class HostileTlsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final SwarmLimits LIMITS =
      SwarmLimits.STANDARD.withHandshakeTimeout(Duration.ofSeconds(3));
  private static final ResourceLimits RESOURCES =
      ResourceLimits.STANDARD.withTransients(
          ResourceLimits.STANDARD.transients().withConnections(16, 512, 512));

  @Parameter TlsProvider provider = TlsProvider.JDK;

  private final PrivateKey hostile = Keys.fromSeed(KeyType.ED25519, 66);
  private Host host;
  private Host honest;

  @BeforeEach
  void start() throws Exception {
    host =
        new HostBuilder(Keys.fromSeed(KeyType.SECP256K1, 1))
            .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
            .tlsProvider(provider)
            .securities(Security.TLS)
            .limits(LIMITS)
            .resources(RESOURCES)
            .start();
    honest = new HostBuilder(Keys.fromSeed(KeyType.SECP256K1, 2)).tlsProvider(provider).start();
  }

  @AfterAll
  static void noBufferIsLost() {
    LeakWatch.assertNoLeak();
  }

  @AfterEach
  void honestPeersAreStillServed() throws Exception {
    honest.connect(host.id(), host.listenAddresses(), SOON);
    try (Ping ping = Ping.open(honest, host.id(), SOON)) {
      assertThat(ping.ping(SOON)).isPositive();
    } finally {
      honest.close();
      host.close();
    }
  }

  private TlsPeer dial(HostileIdentities shown) throws IOException {
    return new TlsPeer(host.listenAddresses().getFirst(), shown.keyManager(hostile));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HONEST")
  void certificateThatProvesNothing_isRefused(HostileIdentities shown) throws Exception {
    try (TlsPeer peer = dial(shown)) {
      assertThat(peer.isRefused()).isTrue();
    }
    assertThat(host.connections()).isEmpty();
  }

  /** The other tests' client, which shows that it is refused for what they say. */
  @Test
  void honestCertificate_isAcceptedAndTheMuxerLeftToMultistream() throws Exception {
    try (TlsPeer peer = dial(HostileIdentities.HONEST);
        SSLSocket socket = peer.handshake()) {
      assertThat(socket.getApplicationProtocol()).isEqualTo("libp2p");
      Multistream.dial(socket.getInputStream(), socket.getOutputStream(), List.of("/yamux/1.0.0"));
      await().until(() -> host.connections().size() == 1);
      assertThat(host.connections().getFirst().remoteKey()).isEqualTo(hostile.publicKey());
      assertThat(host.connections().getFirst().state().earlyMuxer()).isFalse();
    }
    await().until(() -> host.connections().isEmpty());
  }

  @Test
  void olderVersion_isRefused() throws Exception {
    try (TlsPeer peer = dial(HostileIdentities.HONEST).version("TLSv1.2")) {
      assertThat(peer.isRefused()).isTrue();
    }
    assertThat(host.connections()).isEmpty();
  }

  @Test
  void alpnWithoutAnythingInCommon_isRefused() throws Exception {
    try (TlsPeer other = dial(HostileIdentities.HONEST).applications("h2", "http/1.1");
        TlsPeer none = dial(HostileIdentities.HONEST).applications()) {
      assertThat(other.isRefused()).isTrue();
      assertThat(none.isRefused()).isTrue();
    }
    assertThat(host.connections()).isEmpty();
  }

  @Test
  void garbageInsteadOfAHandshake_isCutOff() throws Exception {
    long seed = 5;
    Random random = new Random(seed);
    for (int size : new int[] {1, 5, 300, 100_000}) {
      byte[] garbage = new byte[size];
      random.nextBytes(garbage);
      try (TlsPeer peer = dial(HostileIdentities.HONEST).agree()) {
        writeAll(peer, garbage);
        assertThat(peer.bare.isCutOff()).as("seed %d, %d bytes", seed, size).isTrue();
      }
    }
  }

  @Test
  void silenceInsteadOfAHandshake_isCutOffInTime() throws Exception {
    long start = System.nanoTime();
    try (TlsPeer peer = dial(HostileIdentities.HONEST).agree()) {
      assertThat(peer.bare.isCutOff()).isTrue();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(2_500), Duration.ofSeconds(15));
  }

  /** Records of a ClientHello that says of itself that it is 16 MiB long. */
  @Test
  void endlessClientHello_isCutOff() throws Exception {
    int size = 16_000;
    byte[] first =
        ByteBuffer.allocate(5 + size)
            .put((byte) 22)
            .putShort((short) 0x0301)
            .putShort((short) size)
            .put((byte) 1)
            .put(new byte[] {-1, -1, -1})
            .array();
    byte[] next =
        ByteBuffer.allocate(5 + size)
            .put((byte) 22)
            .putShort((short) 0x0301)
            .putShort((short) size)
            .array();
    try (TlsPeer peer = dial(HostileIdentities.HONEST).agree()) {
      writeAll(peer, first);
      for (int i = 0; i < 100; i++) {
        writeAll(peer, next);
      }
      assertThat(peer.bare.isCutOff()).isTrue();
    }
  }

  @Test
  void alteredRecord_endsTheConnection() throws Exception {
    try (TlsPeer peer = dial(HostileIdentities.HONEST).applications("/yamux/1.0.0", "libp2p");
        SSLSocket socket = peer.handshake()) {
      assertThat(socket.getApplicationProtocol()).isEqualTo("/yamux/1.0.0");
      await().until(() -> host.connections().size() == 1);
      assertThat(host.connections().getFirst().state().earlyMuxer()).isTrue();
      byte[] record = new byte[45];
      System.arraycopy(new byte[] {23, 3, 3, 0, 40}, 0, record, 0, 5);
      writeAll(peer, record);
      writeAll(peer, record); // Netty is silent about the first with BoringSSL
      await().until(() -> host.connections().isEmpty());
    }
  }

  /** A truncation attack closes the socket alone; who closes in earnest says so. */
  @Test
  void closeNotify_isSentAndUnderstood() throws Exception {
    try (TlsPeer peer = dial(HostileIdentities.HONEST).applications("/yamux/1.0.0", "libp2p");
        SSLSocket socket = peer.handshake()) {
      await().until(() -> host.connections().size() == 1);
      host.connections().getFirst().close();
      // The JDK's socket throws where the end comes without a close_notify.
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
    try (TlsPeer peer = dial(HostileIdentities.HONEST).applications("/yamux/1.0.0", "libp2p");
        SSLSocket socket = peer.handshake()) {
      await().until(() -> host.connections().size() == 1);
      socket.shutdownOutput(); // a close_notify, and the TCP connection stays
      await().until(() -> host.connections().isEmpty());
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
  }

  private static void writeAll(TlsPeer peer, byte[] bytes) {
    try {
      peer.bare.out.write(bytes);
    } catch (IOException cutWhileWriting) {
      assertThat(cutWhileWriting).isNotNull();
    }
  }
}
