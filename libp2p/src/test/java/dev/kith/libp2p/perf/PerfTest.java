package dev.kith.libp2p.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.swarm.HostBuilder;
import java.io.OutputStream;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PerfTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private Host server;
  private Host client;
  private Connection connection;

  @BeforeEach
  void connect() throws Exception {
    server =
        new HostBuilder(Keys.fromSeed(KeyType.ED25519, 1))
            .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
            .start();
    server.serve(Perf.PROTOCOL, Perf::serve);
    client = new HostBuilder(Keys.fromSeed(KeyType.ED25519, 2)).start();
    connection = client.connect(server.id(), server.listenAddresses(), SOON);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void bytes_goUpAndThenComeDown() throws Exception {
    assertThat(Perf.measure(connection, 3_000_001, 2_000_003, SOON)).isPositive();
    assertThat(Perf.measure(connection, 0, 0, SOON)).isPositive();
  }

  @Test
  void server_sendsExactlyWhatWasAskedForAndOnlyAfterTheUpload() throws Exception {
    try (Stream stream = connection.openStream(SOON, Perf.PROTOCOL)) {
      stream.timeout(SOON);
      stream.output().write(new byte[] {0, 0, 0, 0, 0, 1, 0, 3});
      stream.output().write(new byte[100_000]);
      assertThat(stream.input().available()).isZero();
      stream.closeWrite();
      assertThat(stream.input().transferTo(OutputStream.nullOutputStream())).isEqualTo(65_539);
    }
  }

  @Test
  void endlessDownload_endsWithTheClient() throws Exception {
    try (Stream stream = connection.openStream(SOON, Perf.PROTOCOL)) {
      stream.timeout(SOON);
      stream.output().write(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
      stream.closeWrite();
      assertThat(stream.input().readNBytes(1_000_000)).hasSize(1_000_000);
      stream.reset();
    }
    assertThat(Perf.measure(connection, 1, 1, SOON)).isPositive();
  }

  @Test
  void numberThatIsCutOff_resetsTheStream() throws Exception {
    try (Stream stream = connection.openStream(SOON, Perf.PROTOCOL)) {
      stream.timeout(SOON);
      stream.output().write(new byte[3]);
      stream.closeWrite();
      assertThatIOException().isThrownBy(() -> stream.input().readAllBytes());
    }
  }
}
