package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.testnet.bench.Libp2pBenchmark;
import dev.kith.testnet.bench.Libp2pBenchmark.Channel;
import dev.kith.testnet.bench.Libp2pTable;
import dev.kith.testnet.interop.GoPeers;
import dev.kith.testnet.interop.Implementation;
import dev.kith.testnet.interop.JsPeers;
import dev.kith.testnet.interop.KithPeers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Measures libp2p beside other implementations. */
@Command(
    name = "libp2p",
    description = "Measure libp2p over loopback, beside other implementations in the same run.")
final class BenchLibp2pCommand extends KithCommand {
  /** The names of implementations as the command line takes them. */
  enum Name {
    kith,
    go,
    js
  }

  /** The names of channels as the command line takes them. */
  enum ChannelName {
    noise(Channel.NOISE),
    tls(Channel.TLS),
    quic(Channel.QUIC);

    private final Channel channel;

    ChannelName(Channel channel) {
      this.channel = channel;
    }
  }

  @Option(
      names = "--with",
      paramLabel = "NAMES",
      split = ",",
      defaultValue = "kith,go,js",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Set<Name> names = EnumSet.noneOf(Name.class);

  @Option(
      names = "--channels",
      paramLabel = "NAMES",
      split = ",",
      defaultValue = "noise,tls,quic",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Set<ChannelName> channels = EnumSet.noneOf(ChannelName.class);

  @Option(
      names = "--mib",
      defaultValue = "512",
      description = "Bytes of each throughput (default: ${DEFAULT-VALUE}).")
  private int mebibytes;

  @Option(
      names = "--seconds",
      defaultValue = "3",
      description = "How long handshakes are counted (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--idle",
      defaultValue = "500",
      description = "Idle connections whose memory is measured (default: ${DEFAULT-VALUE}).")
  private int idle;

  @Option(
      names = "--runs",
      defaultValue = "3",
      description = "How often all is measured (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--sources",
      paramLabel = "DIR",
      defaultValue = "testnet",
      description = "The module testnet, with the others' programs (default: ${DEFAULT-VALUE}).")
  private Path sources = Path.of("");

  BenchLibp2pCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    if (!Files.exists(sources.resolve("interop"))) {
      throw new NodeException(
          Problem.BAD_REQUEST, "--sources: no folder " + sources.resolve("interop"));
    }
    GoPeers go = new GoPeers(sources);
    List<Implementation> implementations =
        EnumSet.copyOf(names).stream()
            .map(
                name ->
                    switch (name) {
                      case kith -> new KithPeers();
                      case go -> go;
                      case js -> new JsPeers(sources);
                    })
            .toList();
    Set<Channel> wanted = EnumSet.noneOf(Channel.class);
    channels.forEach(name -> wanted.add(name.channel));
    Libp2pBenchmark.Settings settings;
    try {
      settings =
          new Libp2pBenchmark.Settings(
              wanted, (long) mebibytes << 20, Duration.ofSeconds(seconds), idle, runs);
    } catch (IllegalArgumentException e) {
      throw new NodeException(
          Problem.BAD_REQUEST, "--mib, --seconds, --idle and --runs: at least 1", e);
    }
    Libp2pBenchmark.Result result =
        new Libp2pBenchmark(implementations, go, settings, cli::say).run();
    cli.out()
        .println(
            cli.json()
                ? JsonMapper.shared().writeValueAsString(result)
                : Libp2pTable.markdown(result, go.name()));
    return ExitCode.OK;
  }
}
