package dev.kith.node.daemon;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.realm.DaemonInfo;
import dev.kith.node.realm.Home;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Starts a home's daemon as a process of its own, which outlives the one that starts it. */
public final class DaemonLauncher {
  /** Space-separated JVM options for daemons; they come last, so that they win. */
  public static final String OPTIONS_VARIABLE = "KITH_JAVA_OPTS";

  /**
   * The daemon's JVM. Files stream through it, so a small heap serves any of them; SerialGC has the
   * smallest footprint, and its pauses on a heap of this size are milliseconds. It gives memory
   * back when it idles.
   */
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Xms24m",
          "-Xmx384m",
          "-XX:MaxDirectMemorySize=192m",
          "-XX:+UseSerialGC",
          "-XX:MinHeapFreeRatio=10",
          "-XX:MaxHeapFreeRatio=30",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+ExitOnOutOfMemoryError",
          // Its monitors would be shared by event loops and the threads that these carry.
          "-Dio.netty.leakDetection.level=disabled",
          "--enable-native-access=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private static final Duration POLL = Duration.ofMillis(20);
  private static final long LAST_WORDS_BYTES = 16 << 10;

  private final List<String> options;

  /**
   * @param options JVM options after the usual ones, as in {@link #OPTIONS_VARIABLE}
   */
  public DaemonLauncher(Optional<String> options) {
    this.options = options.map(text -> Arrays.asList(text.strip().split("\\s+"))).orElse(List.of());
  }

  /** How every daemon's JVM is started, before what its owner adds. */
  public static List<String> jvmOptions() {
    return JVM_OPTIONS;
  }

  /** The command line of a home's daemon; this JVM and class path. */
  private List<String> command(Path home) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            DaemonMain.class.getName(),
            "--home",
            home.toAbsolutePath().toString(),
            "--password-stdin"));
    return command;
  }

  /**
   * Starts it detached: in a session of its own, with no stream in common with this process. What
   * it prints goes to {@code log/daemon.out}.
   *
   * @param password sent over stdin, which is then closed
   */
  public Process start(Path home, char[] password) throws IOException {
    Files.createDirectories(output(home).getParent());
    List<String> command = new ArrayList<>();
    session().ifPresent(setsid -> command.add(setsid.toString()));
    command.addAll(command(home));
    Process process =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectOutput(output(home).toFile())
            .redirectErrorStream(true)
            .start();
    send(password, process);
    return process;
  }

  /** Starts it with this process's own stdout and stderr. */
  public Process startForeground(Path home, char[] password) throws IOException {
    Process process =
        new ProcessBuilder(command(home))
            .redirectOutput(Redirect.INHERIT)
            .redirectError(Redirect.INHERIT)
            .start();
    send(password, process);
    return process;
  }

  private static void send(char[] password, Process daemon) {
    try (OutputStream stdin = daemon.getOutputStream()) {
      stdin.write((new String(password) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      daemon.onExit().join(); // it ended already; why is told by whoever waits for it
    }
  }

  /**
   * Waits until the daemon serves.
   *
   * @throws NodeException what it failed with; TIMED_OUT after {@code longest}
   */
  public static DaemonInfo awaitServing(Process process, Path home, Duration longest)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    while (true) {
      Optional<DaemonInfo> info =
          Home.open(home).daemon().filter(daemon -> daemon.pid() == process.pid());
      if (info.isPresent()) {
        return info.get();
      }
      if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure(process.exitValue(), home);
      }
      if (System.nanoTime() > end) {
        throw new NodeException(
            Problem.TIMED_OUT,
            "the daemon does not serve after %d s; see %s"
                .formatted(longest.toSeconds(), Home.open(home).logFile()));
      }
    }
  }

  private static NodeException failure(int exitCode, Path home) throws IOException {
    Problem problem = DaemonMain.problemOf(exitCode);
    String words = lastLine(output(home));
    String unexplained =
        problem == Problem.DISK_FULL
            ? "the daemon could not start: this device's disk is full"
            : "the daemon ended with code %d; see %s".formatted(exitCode, output(home));
    return new NodeException(problem, words.isEmpty() ? unexplained : words);
  }

  private static String lastLine(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) > LAST_WORDS_BYTES) {
      return "";
    }
    List<String> lines = Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "" : lines.getLast().replaceFirst("^kith: ", "");
  }

  /** Where a detached daemon's stdout and stderr go: what its log cannot take. */
  private static Path output(Path home) {
    return home.resolve("log").resolve("daemon.out");
  }

  /** Runs a program in a new session, in the same process; not every system has it. */
  private static Optional<Path> session() {
    return List.of("/usr/bin/setsid", "/bin/setsid").stream()
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }
}
