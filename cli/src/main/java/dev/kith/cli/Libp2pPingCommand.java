package dev.kith.cli;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.ping.Ping;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures round trips to any libp2p peer. */
@Command(name = "ping", description = "Ping a libp2p peer over one stream.")
final class Libp2pPingCommand extends KithCommand {
  private static final int COUNT_MAX = 1_000_000;
  private static final double MICROS = 1e3;

  @Mixin private Libp2pHost options = new Libp2pHost();

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Durations.class,
      description = "For the dial and for each ping (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ZERO;

  @Parameters(paramLabel = "MULTIADDR", description = "Where the peer is, with its /p2p/PEER.")
  private String address = "";

  Libp2pPingCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    if (count < 1 || count > COUNT_MAX) {
      throw new NodeException(Problem.BAD_REQUEST, "--count: 1 to " + COUNT_MAX);
    }
    try (Host host = options.start(List.of())) {
      long start = System.nanoTime();
      Connection connection = Libp2pHost.dial(host, address, timeout);
      Duration dialled = Duration.ofNanos(System.nanoTime() - start);
      print(connection, dialled, ping(connection));
    }
    return ExitCode.OK;
  }

  private List<Double> ping(Connection connection) throws IOException, InterruptedException {
    List<Double> micros = new ArrayList<>();
    try (Ping ping = Ping.open(connection, timeout)) {
      for (int i = 0; i < count; i++) {
        micros.add(ping.ping(timeout).toNanos() / MICROS);
      }
    } catch (IOException e) {
      throw Libp2pHost.unreachable(e);
    }
    return micros;
  }

  private void print(Connection connection, Duration dialled, List<Double> micros)
      throws IOException {
    double dialMillis = dialled.toNanos() / (MICROS * MICROS);
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("peerId", connection.remotePeer().toString())
              .with("connection", Libp2pHost.describe(connection))
              .with("dialMillis", dialMillis)
              .with("pingMicros", micros));
      return;
    }
    cli.out()
        .println(
            String.format(
                Locale.ROOT,
                "%s over %s, dialled in %.1f ms",
                connection.remotePeer(),
                connection.state().security(),
                dialMillis));
    micros.forEach(one -> cli.out().println(String.format(Locale.ROOT, "%.0f us", one)));
  }
}
