package dev.kith.libp2p.swarm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.host.AdmissionPolicy;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostContractTest;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WebSocketHostContractTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static Host start(PrivateKey key, AdmissionPolicy admission, Security security)
      throws Exception {
    return new HostBuilder(key)
        .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0/ws"))
        .admission(admission)
        .securities(security)
        .start();
  }

  @AfterAll
  static void noBufferIsLost() {
    LeakWatch.assertNoLeak();
  }

  @Nested
  class OverNoise extends HostContractTest {
    @Override
    protected Host newHost(PrivateKey key, AdmissionPolicy admission) throws Exception {
      return start(key, admission, Security.NOISE);
    }
  }

  @Nested
  class OverTls extends HostContractTest {
    @Override
    protected Host newHost(PrivateKey key, AdmissionPolicy admission) throws Exception {
      return start(key, admission, Security.TLS);
    }

    @Override
    protected KeyType keyType() {
      return KeyType.ED25519;
    }
  }

  /** What is no handshake, frames of text, and frames that announce 4 GiB. */
  @Test
  void hostileInput_isCutOff() throws Exception {
    try (Host host = start(Keys.fromSeed(KeyType.ED25519, 1), AdmissionPolicy.OPEN, Security.TLS);
        Host honest =
            start(Keys.fromSeed(KeyType.ED25519, 2), AdmissionPolicy.OPEN, Security.TLS)) {
      String upgrade =
          String.join(
              "\r\n",
              "GET / HTTP/1.1",
              "Host: a",
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
              "",
              "");
      byte[] text = {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'a'};
      byte[] huge =
          ByteBuffer.allocate(14)
              .put(new byte[] {(byte) 0x82, (byte) 0xff})
              .putLong(4L << 30)
              .putInt(0)
              .array();
      for (byte[][] sent :
          new byte[][][] {
            {"\u0013/multistream/1.0.0\n\r\n\r\n".getBytes(US_ASCII)},
            {("GET /" + "a".repeat(100_000)).getBytes(US_ASCII)},
            {upgrade.getBytes(US_ASCII), text},
            {upgrade.getBytes(US_ASCII), huge}
          }) {
        assertThat(isCutOff(host, sent)).isTrue();
      }
      Connection connection = honest.connect(host.id(), host.listenAddresses(), SOON);
      assertThat(connection.state().transport()).isEqualTo("ws");
    }
  }

  private static boolean isCutOff(Host host, byte[]... sent) throws Exception {
    var target = host.listenAddresses().getFirst().webSocketAddress().orElseThrow();
    try (Socket socket = new Socket(target.getAddress(), target.getPort())) {
      socket.setSoTimeout(20_000);
      for (byte[] bytes : sent) {
        socket.getOutputStream().write(bytes);
      }
      socket.getInputStream().readAllBytes();
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (java.net.SocketException e) {
      return true;
    }
  }
}
