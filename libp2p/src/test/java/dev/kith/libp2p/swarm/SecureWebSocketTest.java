package dev.kith.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.StreamHandler;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.ping.Ping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * WebSocket over TLS, with a certificate for 127.0.0.1 and kith.example that nobody vouches for.
 */
class SecureWebSocketTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String ECHO = "/test/echo/1";

  @TempDir private static Path folder;
  private static WebCertificate certificate;
  private static X509TrustManager trust;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path file = folder.resolve("web.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process made =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "web",
                "-keyalg",
                "EC",
                "-dname",
                "CN=kith",
                "-ext",
                "SAN=ip:127.0.0.1,dns:kith.example",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool").toFile())
            .start();
    assertThat(made.waitFor()).as(Files.readString(folder.resolve("keytool"))).isZero();
    KeyStore store = KeyStore.getInstance(file.toFile(), "secret".toCharArray());
    X509Certificate own = (X509Certificate) store.getCertificate("web");
    certificate =
        new WebCertificate((PrivateKey) store.getKey("web", "secret".toCharArray()), List.of(own));
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("web", own);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    trust = (X509TrustManager) factory.getTrustManagers()[0];
  }

  @AfterAll
  static void noBufferIsLost() {
    LeakWatch.assertNoLeak();
  }

  private static HostBuilder builder(long seed) {
    return new HostBuilder(Keys.fromSeed(KeyType.ED25519, seed));
  }

  private static Host listener(String address, Security security) throws Exception {
    Host host =
        builder(1)
            .webCertificate(certificate)
            .securities(security)
            .listen(Multiaddr.parse(address))
            .start();
    host.serve(ECHO, StreamHandler.streaming(stream -> stream.input().transferTo(stream.output())));
    return host;
  }

  private static String port(Host host) {
    return host.listenAddresses().getFirst().toString().split("/")[4];
  }

  @Test
  void bytes_goBothWaysOverEitherSecureChannelAndBothNamesOfTheTransport() throws Exception {
    byte[] message = new byte[200_000];
    new Random(1).nextBytes(message);
    for (Security security : Security.values()) {
      try (Host host = listener("/ip4/127.0.0.1/tcp/0/wss", security);
          Host dialler = builder(2).securities(security).webTrust(trust).start()) {
        assertThat(host.listenAddresses().getFirst().toString()).endsWith("/tls/ws");
        for (String end : List.of("/tls/ws", "/wss", "/tls/sni/kith.example/ws")) {
          Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port(host) + end);
          Connection connection = dialler.connect(host.id(), List.of(address), SOON);
          assertThat(connection.state().transport()).isEqualTo("wss");
          try (Stream stream = connection.openStream(SOON, ECHO)) {
            stream.timeout(SOON);
            CompletableFuture<byte[]> echo = new CompletableFuture<>();
            Thread reader =
                Thread.startVirtualThread(
                    () -> {
                      try {
                        echo.complete(stream.input().readAllBytes());
                      } catch (java.io.IOException e) {
                        echo.completeExceptionally(e);
                      }
                    });
            stream.output().write(message);
            stream.closeWrite();
            reader.join();
            assertThat(echo.get()).isEqualTo(message);
          }
          connection.close();
        }
      }
    }
  }

  @Test
  void certificatesOfOthers_areNotTalkedTo() throws Exception {
    try (Host host = listener("/ip4/127.0.0.1/tcp/0/tls/ws", Security.TLS);
        Host sceptic = builder(2).start();
        Host trusting = builder(3).webTrust(trust).start()) {
      assertThatIOException()
          .as("nobody whom the system trusts has signed it")
          .isThrownBy(() -> sceptic.connect(host.id(), host.listenAddresses(), SOON));
      Multiaddr elsewhere =
          Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port(host) + "/tls/sni/other.example/ws");
      assertThatIOException()
          .as("it is for another name")
          .isThrownBy(() -> trusting.connect(host.id(), List.of(elsewhere), SOON));
      trusting.connect(host.id(), host.listenAddresses(), SOON);
      try (Ping ping = Ping.open(trusting, host.id(), SOON)) {
        assertThat(ping.ping(SOON)).isPositive();
      }
    }
  }

  @Test
  void listening_needsACertificate() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(1).listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0/wss")).start())
        .withMessageContaining("webCertificate");
  }
}
