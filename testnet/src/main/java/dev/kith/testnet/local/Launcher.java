package dev.kith.testnet.local;

import dev.kith.cli.DaemonClient;
import dev.kith.cli.JsonNode;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.daemon.DaemonLauncher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Starts and stops several peers at once, not too many at a time. */
final class Launcher {
  private static final Duration START_MAX = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(50);

  private final DaemonLauncher daemons;

  Launcher(DaemonLauncher daemons) {
    this.daemons = daemons;
  }

  /** Starts those that do not run; returns when all serve and their ledger goes on. */
  void start(List<LocalPeer> peers) throws IOException, InterruptedException {
    // A starting JVM keeps a processor busy for a second.
    int atOnce = Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 2, 16);
    forAll(
        peers,
        atOnce,
        peer -> {
          if (peer.process().isEmpty()) {
            Process process = peer.launch(daemons);
            DaemonLauncher.awaitServing(process, peer.folder(), START_MAX);
          }
          awaitServing(peer);
          return true;
        });
    for (LocalPeer peer : peers) {
      awaitLedger(peer);
    }
  }

  /** Those that ran, when they are gone. */
  List<Integer> stop(List<LocalPeer> peers) throws IOException, InterruptedException {
    List<Integer> stopped = Collections.synchronizedList(new ArrayList<>());
    forAll(
        peers,
        peers.size(),
        peer -> {
          if (peer.stop()) {
            stopped.add(peer.number());
          }
          return true;
        });
    return stopped.stream().sorted().toList();
  }

  private static void awaitServing(LocalPeer peer) throws IOException, InterruptedException {
    long end = System.nanoTime() + START_MAX.toNanos();
    while (status(peer).isEmpty()) {
      if (peer.process().isEmpty()) {
        throw new NodeException(
            Problem.NOT_RUNNING,
            "peer "
                + peer.number()
                + " ended while it started; see "
                + peer.home().logFile().getParent());
      }
      if (System.nanoTime() > end) {
        throw new NodeException(
            Problem.TIMED_OUT,
            "peer "
                + peer.number()
                + " does not serve after "
                + START_MAX.toSeconds()
                + " s; see "
                + peer.home().logFile());
      }
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    }
  }

  /**
   * Waits until the ledger takes records, so that what follows need not; a realm of which too many
   * peers are down never does, which is the caller's wish.
   */
  private static void awaitLedger(LocalPeer peer) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < end) {
      Optional<JsonNode> status = status(peer);
      if (status.isEmpty()) {
        return; // it ended meanwhile, which status will show
      }
      JsonNode ledger = status.get().at("ledger");
      if (!ledger.truth("stalled") && ledger.list("reachable").size() >= ledger.number("quorum")) {
        return;
      }
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    }
  }

  /** Empty while the daemon does not answer. */
  private static Optional<JsonNode> status(LocalPeer peer) {
    try {
      return Optional.of(DaemonClient.of(peer.folder()).getJson("status", Map.of()));
    } catch (IOException e) {
      return Optional.empty(); // not yet, or no more
    }
  }

  /** One thing to do for a peer. */
  @FunctionalInterface
  private interface Task {
    boolean run(LocalPeer peer) throws IOException, InterruptedException;
  }

  /** Does it for all, and then throws what the first failed one threw. */
  private static void forAll(List<LocalPeer> peers, int atOnce, Task task)
      throws IOException, InterruptedException {
    List<Callable<Boolean>> tasks =
        peers.stream().map(peer -> (Callable<Boolean>) () -> task.run(peer)).toList();
    List<Future<Boolean>> results;
    try (ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, atOnce))) {
      results = threads.invokeAll(tasks);
    }
    for (Future<Boolean> result : results) {
      try {
        result.get();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case IOException failure -> throw failure;
          case InterruptedException interrupted -> throw interrupted;
          case null, default -> throw new IllegalStateException("a testnet task", e);
        }
      }
    }
  }
}
