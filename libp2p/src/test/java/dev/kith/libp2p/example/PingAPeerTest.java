package dev.kith.libp2p.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.swarm.HostBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PingAPeerTest {
  private static final Path SOURCE =
      Path.of("src/test/java/dev/kith/libp2p/example/PingAPeer.java");

  @Test
  void readme_showsThisVeryProgram() throws Exception {
    String source = Files.readString(SOURCE);
    assertThat(source.lines()).hasSizeLessThanOrEqualTo(42);
    assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + source + "```\n");
  }

  @Test
  void program_pingsAPeer() throws Exception {
    try (Host host =
        new HostBuilder(Keys.fromSeed(KeyType.SECP256K1, 1))
            .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
            .start()) {
      PingAPeer.main(
          new String[] {host.listenAddresses().getFirst().withPeer(host.id()).toString()});
      assertThat(host.connections()).allMatch(connection -> !connection.outbound());
    }
  }
}
