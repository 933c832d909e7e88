package dev.kith.testnet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.cli.Cli;
import dev.kith.cli.Kith;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line of one home, as a script uses it: no terminal. */
final class Shell {
  private final Path home;
  private final Map<String, String> environment;

  Shell(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = Map.copyOf(environment);
  }

  Shell with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Shell(home, more);
  }

  /** How a command ended. */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Ended(String line, int code, byte[] stdout, String err) {
    String out() {
      return new String(stdout, StandardCharsets.UTF_8);
    }

    Ended ok() {
      assertThat(code).as("%s: %s", line, err).isZero();
      return this;
    }

    /** One clear line, and the documented code. */
    Ended fails(int expected) {
      List<String> complaints = err.lines().filter(l -> l.startsWith("kith: ")).toList();
      assertThat(code).as("%s: %s", line, err).isEqualTo(expected);
      assertThat(complaints).as("%s: %s", line, err).hasSize(1);
      assertThat(err).doesNotContain("Exception").doesNotContain("\tat ");
      return this;
    }

    /** The one document on stdout. */
    JsonNode json() {
      ok();
      return JsonMapper.shared().readTree(stdout);
    }
  }

  Ended run(String... arguments) {
    return runReading(new byte[0], arguments);
  }

  Ended runReading(byte[] stdin, String... arguments) {
    List<String> line = new ArrayList<>(List.of("--home", home.toString()));
    line.addAll(List.of(arguments));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Cli cli = new Cli(new ByteArrayInputStream(stdin), out, err, environment, false);
    int code = Kith.run(cli, line.toArray(String[]::new));
    return new Ended(
        String.join(" ", line), code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }
}
