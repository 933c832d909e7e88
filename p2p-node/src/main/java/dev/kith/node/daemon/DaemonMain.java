package dev.kith.node.daemon;

import dev.kith.ledger.WrongFormatException;
import dev.kith.node.FullDisk;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.realm.Home;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/**
 * The process of a daemon: {@code --home DIR [--password-stdin]}. It ends on SIGTERM, on Ctrl-C, or
 * when the API is asked to.
 *
 * <p>A start that fails prints one line on stderr; its exit code tells the {@link Problem} ({@link
 * #problemOf}).
 */
public final class DaemonMain {
  private static final int PROBLEM_CODES = 100;

  /** In their order of declaration: both sides of the exit code are of one build. */
  private static final List<Problem> PROBLEMS = List.of(Problem.values());

  private static final String PASSWORD_VARIABLE = "KITH_PASSWORD";

  private DaemonMain() {}

  public static void main(String[] arguments) {
    List<String> given = List.of(arguments);
    int home = given.indexOf("--home");
    if (home < 0 || home + 1 == given.size()) {
      fail(Problem.BAD_REQUEST, "usage: --home DIR [--password-stdin]");
    }
    try {
      run(Path.of(given.get(home + 1)), given.contains("--password-stdin"));
    } catch (NodeException e) {
      fail(e.problem(), String.valueOf(e.getMessage()));
    } catch (WrongFormatException e) {
      fail(Problem.WRONG_FORMAT, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      boolean full = FullDisk.caused(e);
      fail(
          full ? Problem.DISK_FULL : Problem.NOT_RUNNING,
          "the daemon could not start: " + (full ? "this device's disk is full" : e));
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(DaemonMain.class).error("this is a bug", e);
      fail(Problem.INTERNAL, "the daemon could not start, by a bug: " + e);
    } catch (InterruptedException e) {
      fail(Problem.CANCELLED, "the daemon was interrupted while it started");
    }
  }

  private static void run(Path folder, boolean passwordOnStdin)
      throws IOException, InterruptedException {
    Home home = Home.open(folder);
    char[] password = password(home, passwordOnStdin);
    DaemonLog.start(home.logFile());
    CountDownLatch end = new CountDownLatch(1);
    PeerNode node = PeerNode.start(home, password, end::countDown);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node), "shutdown"));
    end.await();
    System.exit(0);
  }

  private static void stop(PeerNode node) {
    try {
      node.leave();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    node.close();
    DaemonLog.stop();
  }

  private static char[] password(Home home, boolean onStdin) throws IOException {
    if (onStdin) {
      String line =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      return line == null ? new char[0] : line.toCharArray();
    }
    Optional<String> variable =
        Optional.ofNullable(System.getenv(PASSWORD_VARIABLE)).filter(value -> !value.isEmpty());
    Optional<char[]> found =
        variable.isPresent() ? variable.map(String::toCharArray) : home.storedPassword();
    return found.orElseThrow(
        () ->
            new NodeException(
                Problem.NOT_ALLOWED,
                "no password: set KITH_PASSWORD, or name a file in config.toml (password-file)"));
  }

  private static void fail(Problem problem, String message) {
    System.err.println("kith: " + message.strip().replaceAll("\\s*\\R\\s*", "; "));
    System.exit(PROBLEM_CODES + PROBLEMS.indexOf(problem));
  }

  /** What a daemon's exit code tells; INTERNAL for codes that are not of its making. */
  public static Problem problemOf(int exitCode) {
    int index = exitCode - PROBLEM_CODES;
    return index >= 0 && index < PROBLEMS.size() ? PROBLEMS.get(index) : Problem.INTERNAL;
  }
}
