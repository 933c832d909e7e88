package dev.kith.testnet.demo;

import dev.kith.cli.Cli;
import dev.kith.cli.Kith;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command line, within this process: the same commands as a user's, without a JVM's start for
 * each. Thread-safe.
 */
final class Commands {
  private static final int STDERR_SHOWN = 2_000;

  private final Map<String, String> environment;

  Commands(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** What a command that succeeded printed, and how long it took. */
  record Finished(String output, Duration took) {
    JsonNode json() throws IOException {
      try {
        return JsonMapper.shared().readTree(output);
      } catch (JacksonException e) {
        throw new IOException("not JSON: " + output, e);
      }
    }
  }

  /**
   * Runs {@code kith --home HOME ARGUMENTS}.
   *
   * @throws IOException with what it said, when its exit code is not 0
   */
  Finished run(Path home, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("--home", home.toString()));
    line.addAll(List.of(arguments));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Cli cli = new Cli(InputStream.nullInputStream(), out, err, environment, false);
    long start = System.nanoTime();
    int code = Kith.run(cli, line.toArray(String[]::new));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (code != 0) {
      String said = err.toString(StandardCharsets.UTF_8).strip();
      throw new IOException(
          "kith "
              + String.join(" ", arguments)
              + " ended with exit code "
              + code
              + ": "
              + said.substring(Math.max(0, said.length() - STDERR_SHOWN)));
    }
    return new Finished(out.toString(StandardCharsets.UTF_8), took);
  }

  /** Runs a command with {@code --json} and reads its answer. */
  JsonNode ask(Path home, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(arguments));
    // Before a "--" all that follows belongs to the program that is run.
    line.add(0, "--json");
    return run(home, line.toArray(String[]::new)).json();
  }
}
