package dev.kith.cli;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.perf.Perf;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the throughput to any libp2p peer that serves perf. */
@Command(
    name = "perf",
    description = "Measure throughput to a libp2p peer that serves /perf/1.0.0: up, then down.")
final class Libp2pPerfCommand extends KithCommand {
  private static final int STREAMS_MAX = 256;
  private static final double NANOS = 1e9;
  private static final double MEGA = 1e6;

  @Mixin private Libp2pHost options = new Libp2pHost();

  @Option(
      names = "--bytes",
      paramLabel = "SIZE",
      defaultValue = "256MiB",
      converter = ByteSizes.class,
      description = "In each direction, over all streams (default: ${DEFAULT-VALUE}).")
  private long bytes;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "1",
      description = "Streams at once (default: ${DEFAULT-VALUE}).")
  private int streams;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "1",
      description = "Measurements, all on one connection (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Durations.class,
      description = "For the dial and for each stream to open (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ZERO;

  @Parameters(paramLabel = "MULTIADDR", description = "Where the peer is, with its /p2p/PEER.")
  private String address = "";

  Libp2pPerfCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    if (streams < 1 || streams > STREAMS_MAX || runs < 1) {
      throw new NodeException(Problem.BAD_REQUEST, "--streams: 1 to " + STREAMS_MAX);
    }
    List<Double> up = new ArrayList<>();
    List<Double> down = new ArrayList<>();
    try (Host host = options.start(List.of())) {
      Connection connection = Libp2pHost.dial(host, address, timeout);
      long each = bytes / streams;
      for (int i = 0; i < runs; i++) {
        up.add(megabytesPerSecond(connection, each, 0));
        down.add(megabytesPerSecond(connection, 0, each));
      }
      print(connection, up, down);
    }
    return ExitCode.OK;
  }

  /** Of all streams together, each on a thread of the connection's. */
  private double megabytesPerSecond(Connection connection, long upEach, long downEach)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(connection.streamThreads())) {
      List<Future<Duration>> under = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        under.add(threads.submit(() -> Perf.measure(connection, upEach, downEach, timeout)));
      }
      for (Future<Duration> one : under) {
        one.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw Libp2pHost.unreachable(cause);
      }
      throw new IllegalStateException(e.getCause());
    }
    double seconds = (System.nanoTime() - start) / NANOS;
    return (upEach + downEach) * streams / MEGA / seconds;
  }

  private void print(Connection connection, List<Double> up, List<Double> down) throws IOException {
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("peerId", connection.remotePeer().toString())
              .with("connection", Libp2pHost.describe(connection))
              .with("bytes", bytes)
              .with("streams", streams)
              .with("upMegabytesPerSecond", up)
              .with("downMegabytesPerSecond", down));
      return;
    }
    for (int i = 0; i < runs; i++) {
      cli.out()
          .println(
              String.format(
                  Locale.ROOT,
                  "%s, %d streams: up %.0f MB/s, down %.0f MB/s",
                  connection.state().security(),
                  streams,
                  up.get(i),
                  down.get(i)));
    }
  }
}
