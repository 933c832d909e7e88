package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.testnet.gossip.DeliveryPlot;
import dev.kith.testnet.gossip.GossipsubSimulation;
import dev.kith.testnet.gossip.GossipsubSimulation.Scenario;
import dev.kith.testnet.gossip.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sees whether gossip reaches everybody. */
@Command(
    name = "gossipsub",
    description = {
      "Run many gossipsub routers in simulated time, with loss and churn: who got what, and when.",
      "Exit code 1 where less than 99.99 % arrives."
    })
final class SimulateGossipsubCommand extends KithCommand {
  private static final double LEAST = 0.9999;

  @Option(
      names = "--peers",
      paramLabel = "N",
      defaultValue = "1000",
      description = "20 to 10,000 (default: ${DEFAULT-VALUE}).")
  private int peers;

  @Option(
      names = "--messages",
      paramLabel = "N",
      defaultValue = "200",
      description = "1 to 1,000, of 1 KiB, ten a second (default: ${DEFAULT-VALUE}).")
  private int messages;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--plot", paramLabel = "FILE", description = "Draw it, as SVG.")
  private Optional<Path> plot = Optional.empty();

  SimulateGossipsubCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (peers < 20 || peers > 10_000 || messages < 1 || messages > 1_000) {
      throw new NodeException(Problem.BAD_REQUEST, "--peers: 20 to 10,000; --messages: 1 to 1,000");
    }
    List<DeliveryPlot.Line> lines = new ArrayList<>();
    ArrayNode json = JsonMapper.shared().createArrayNode();
    if (!cli.json()) {
      cli.out().println("| publishing | loss | churn | delivered | p50 | p99 | max | duplicates |");
      cli.out().println("|---|---|---|---|---|---|---|---|");
    }
    for (Scenario scenario : Scenario.standard(peers, messages)) {
      Report report = GossipsubSimulation.run(scenario, seed);
      lines.add(new DeliveryPlot.Line(name(scenario), report));
      if (cli.json()) {
        add(json, scenario, report);
      } else {
        cli.out().println(row(scenario, report));
      }
    }
    if (cli.json()) {
      cli.out().println(JsonMapper.shared().writeValueAsString(json));
    }
    if (plot.isPresent()) {
      String title =
          String.format(
              Locale.ROOT, "%,d peers, %d messages of 1 KiB, seed %d", peers, messages, seed);
      Files.writeString(plot.get(), DeliveryPlot.svg(title, lines));
    }
    return lines.stream().allMatch(line -> line.report().share() >= LEAST)
        ? ExitCode.OK
        : ExitCode.BUG;
  }

  private static String name(Scenario scenario) {
    return String.format(
        Locale.ROOT,
        "%s, loss %.0f %%, churn %.0f %%/s",
        scenario.publishing(),
        100 * scenario.loss(),
        100 * scenario.churn());
  }

  private static String row(Scenario scenario, Report report) {
    return String.format(
        Locale.ROOT,
        "| %s | %.0f %% | %.0f %%/s | %,d of %,d | %d ms | %d ms | %d ms | %.1f |",
        scenario.publishing(),
        100 * scenario.loss(),
        100 * scenario.churn(),
        report.delivered(),
        report.expected(),
        report.p50Millis(),
        report.p99Millis(),
        report.maxMillis(),
        report.duplicates());
  }

  private static void add(ArrayNode json, Scenario scenario, Report report) {
    ObjectNode line = json.addObject();
    line.put("publishing", scenario.publishing());
    line.put("loss", scenario.loss()).put("churn", scenario.churn());
    line.put("expected", report.expected()).put("delivered", report.delivered());
    line.put("p50Millis", report.p50Millis()).put("p99Millis", report.p99Millis());
    line.put("maxMillis", report.maxMillis()).put("duplicates", report.duplicates());
  }
}
