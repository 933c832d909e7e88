package dev.kith.node.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.NodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("config.toml");
  }

  @Test
  void write_isReadBackUnchanged() throws IOException {
    HomeConfig config =
        new HomeConfig(
            "Anna's \"old\" laptop \\ 1",
            "attic",
            List.of(
                Multiaddr.parse("/ip4/127.0.0.1/tcp/4001"), Multiaddr.parse("/ip6/::1/tcp/4001")),
            8080,
            Optional.of("password"),
            List.of(
                Multiaddr.parse(
                    "/ip4/10.0.0.2/tcp/1/p2p/12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf")),
            3L << 30,
            0,
            512,
            false);
    ConfigFile.write(file, config);
    assertThat(ConfigFile.read(file)).isEqualTo(config);

    HomeConfig defaults = HomeConfig.defaults("x", 123_456);
    ConfigFile.write(file, defaults);
    assertThat(ConfigFile.read(file)).isEqualTo(defaults);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nmae = 'x'",
        "listen = '/ip4/1.2.3.4/tcp/1'",
        "listen = [1]",
        "listen = ['nowhere']",
        "api-port = 70000",
        "api-port = 'x'",
        "name = ",
        "name = ''",
        "[storage]\nquota = '10 parsecs'",
        "[storage]\nsize = '10GB'",
        "[compute]\nslots = -1",
      })
  void read_refusesWhatItDoesNotUnderstand(String text) throws IOException {
    Files.writeString(file, text);
    assertThatExceptionOfType(NodeException.class)
        .isThrownBy(() -> ConfigFile.read(file))
        .withMessageStartingWith(file.toString());
  }
}
