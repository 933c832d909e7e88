package dev.kith.testnet.demo;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.testnet.local.FileTree;
import dev.kith.testnet.local.Testnet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Five real peers keep a large file and run two programs while some of them die. All of it goes
 * through the command line, so everything shown can be done by hand.
 *
 * <p>The peers are stopped and their folders removed however it ends, also on Ctrl-C.
 */
public final class Demo {
  private static final int PEERS = 5;
  private static final Duration CLEAR_MAX = Duration.ofSeconds(30);

  /** Says that a folder is a demo's, so that nothing else is ever removed. */
  private static final String MARKER = ".kith-demo";

  private final Path folder;
  private final Path file;
  private final Map<String, String> environment;
  private final Report report;

  /**
   * @param folder for the picture; the peers' homes lie below it while the demo runs
   * @param file that is stored
   * @param environment of this process
   */
  public Demo(Path folder, Path file, Map<String, String> environment, PrintStream out) {
    this.folder = folder.toAbsolutePath().normalize();
    this.file = file.toAbsolutePath().normalize();
    this.environment = new HashMap<>(environment);
    this.environment.remove("KITH_HOME");
    this.report = new Report(out);
  }

  /** The JDK's own largest file: every machine that runs this has it. */
  public static Path defaultFile() {
    return Path.of(System.getProperty("java.home"), "lib", "modules");
  }

  /**
   * @param failures what did not hold; empty means that all of it did
   * @param megabytesPerSecond throughputs by what was measured
   */
  public record Result(
      List<String> failures,
      Map<String, Double> megabytesPerSecond,
      double seconds,
      Path picture) {}

  public Result run() throws IOException, InterruptedException {
    Path work = folder.resolve("work");
    Path picture = folder.resolve("mandelbrot.png");
    Testnet testnet =
        new Testnet(work.resolve("net"), Optional.ofNullable(environment.get("KITH_JAVA_OPTS")));
    clear(testnet, work);
    Files.createDirectories(work);
    Files.createFile(work.resolve(MARKER));
    Interruption interruption = Interruption.watch(CLEAR_MAX);
    try {
      play(testnet, work, picture);
    } finally {
      report.section("Everything is stopped");
      clear(testnet, work);
      interruption.over();
    }
    report.line("no process is left; the picture stays: %s".formatted(picture));
    double seconds = report.elapsed().toMillis() / 1e3;
    report.line("%d checks, %.0f s".formatted(report.checks().size(), seconds));
    return new Result(report.failures(), report.rates(), seconds, picture);
  }

  private void play(Testnet testnet, Path work, Path picture)
      throws IOException, InterruptedException {
    report.section("Five peers, five processes, one realm");
    testnet.up(PEERS);
    Peers peers = new Peers(testnet);
    testnet
        .status()
        .forEach(
            peer ->
                report.line(
                    "peer-%d  pid %-7d %-9s  %s"
                        .formatted(
                            peer.peer(),
                            peer.pid().orElse(-1),
                            peer.committee() ? "committee" : "follower",
                            peer.addrs().getFirst().withoutPeer())));
    Commands kith = new Commands(environment);
    new StorageAct(peers, kith, report, file, work.resolve("back")).play();
    new PictureAct(peers, kith, report, work, picture).play();
    new WordsAct(peers, kith, report, work).play();
  }

  /** Ends what this or an earlier demo left behind; removes only what demos make. */
  private static void clear(Testnet testnet, Path work) throws IOException, InterruptedException {
    if (!Files.exists(work)) {
      return;
    }
    if (!Files.exists(work.resolve(MARKER))) {
      throw new NodeException(
          Problem.ALREADY_EXISTS,
          work + " is not a demo's; choose another folder with --dir, or move it away");
    }
    if (testnet.exists()) {
      testnet.down();
    }
    FileTree.delete(work);
  }
}
