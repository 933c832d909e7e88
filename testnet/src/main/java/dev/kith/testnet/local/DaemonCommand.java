package dev.kith.testnet.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command line of a daemon: this JVM and class path with a small heap of its own.
 *
 * @param options added after the launcher's own JVM options, so that they win
 */
record DaemonCommand(List<String> options) {
  /** Space-separated JVM options for daemons. */
  static final String VARIABLE = "KITH_JAVA_OPTS";

  private static final String MAIN = "dev.kith.node.daemon.DaemonMain";

  DaemonCommand {
    options = List.copyOf(options);
  }

  static DaemonCommand of(Optional<String> variable) {
    return new DaemonCommand(variable.map(v -> List.of(v.strip().split("\\s+"))).orElse(List.of()));
  }

  ProcessBuilder builder(Path home) {
    List<String> command = new ArrayList<>();
    // A session of its own: the terminal that starts a testnet may be closed.
    setsid().ifPresent(path -> command.add(path.toString()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:MaxDirectMemorySize=256m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(options);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), MAIN, "--home", home.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(home.toFile());
    Map<String, String> environment = builder.environment();
    environment.remove("KITH_HOME");
    environment.remove("KITH_PASSWORD");
    return builder;
  }

  /** Runs a program in a new session, in the same process; not every system has it. */
  private static Optional<Path> setsid() {
    return List.of("/usr/bin/setsid", "/bin/setsid").stream()
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }
}
