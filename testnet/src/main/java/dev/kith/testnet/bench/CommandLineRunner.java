package dev.kith.testnet.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs {@code kith} as its users do: a process of its own, timed from outside. */
final class CommandLineRunner {
  private final Map<String, String> environment;

  /**
   * @param environment added to this process's own
   */
  CommandLineRunner(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** What a finished command printed on stdout, and how long it took from start to exit. */
  record Finished(String output, Duration took) {}

  /**
   * Blocks until the command has ended; its stderr goes to this process's.
   *
   * @throws IOException when it ended with another code than 0
   */
  Finished run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.kith.cli.Kith"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    long start = System.nanoTime();
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (code != 0) {
      throw new IOException("kith " + String.join(" ", arguments) + ": exit code " + code);
    }
    return new Finished(output, took);
  }
}
