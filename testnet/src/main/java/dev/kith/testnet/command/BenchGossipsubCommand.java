package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.testnet.bench.GossipsubBenchmark;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Measures gossipsub. */
@Command(
    name = "gossipsub",
    description = "Measure gossipsub among hosts over TCP on loopback, in one process.")
final class BenchGossipsubCommand extends KithCommand {
  @Option(names = "--hosts", defaultValue = "20", description = "Default: ${DEFAULT-VALUE}.")
  private int hosts;

  @Option(
      names = "--links",
      defaultValue = "6",
      description = "Others that each host dials (default: ${DEFAULT-VALUE}).")
  private int links;

  @Option(
      names = "--bytes",
      defaultValue = "1024",
      description = "Size of a message (default: ${DEFAULT-VALUE}).")
  private int bytes;

  @Option(
      names = "--rate",
      defaultValue = "100",
      description = "Messages a second, of all hosts together (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--seconds",
      defaultValue = "20",
      description = "How long, after a warm-up of a quarter (default: ${DEFAULT-VALUE}).")
  private int seconds;

  BenchGossipsubCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    GossipsubBenchmark.Settings settings;
    try {
      int messages = Math.multiplyExact(rate, seconds);
      settings =
          new GossipsubBenchmark.Settings(hosts, links, bytes, rate, messages / 4, messages, 1);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new NodeException(
          Problem.BAD_REQUEST,
          "--hosts: 2 to 200; --links: fewer; --bytes: at least 8; --rate, --seconds: at least 1",
          e);
    }
    GossipsubBenchmark.Result result = GossipsubBenchmark.run(settings);
    cli.out()
        .println(cli.json() ? JsonMapper.shared().writeValueAsString(result) : result.markdown());
    return result.delivered() == result.expected() ? ExitCode.OK : ExitCode.BUG;
  }
}
