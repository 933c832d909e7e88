package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.testnet.sim.Happened;
import dev.kith.testnet.sim.InvariantBrokenException;
import dev.kith.testnet.sim.Scenario;
import dev.kith.testnet.sim.Simulation;
import dev.kith.testnet.sim.Sweep;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tries to break the ledger's committee. */
@Command(
    name = "ledger",
    description = {
      "Run the ledger's committee in simulated time, from many seeds: with loss, partitions,"
          + " crashes,",
      "liars. Each seed is a run that repeats bit for bit; exit code 1 where one breaks an"
          + " invariant."
    })
final class SimulateLedgerCommand extends KithCommand {
  private static final double NANOS = 1e9;
  private static final long SAY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private long seeds;

  @Option(
      names = "--from",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "The first one (default: ${DEFAULT-VALUE}).")
  private long from;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "Repeat this one, and print the hash of all that happened.")
  private @Nullable Long only;

  SimulateLedgerCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    if (seeds < 1) {
      throw new NodeException(Problem.BAD_REQUEST, "--seeds: at least 1");
    }
    return only == null ? sweep() : repeat(only);
  }

  private ExitCode repeat(long seed) {
    Scenario scenario = Sweep.scenario(seed);
    OptionalLong history = OptionalLong.empty();
    String defect = "";
    try {
      history = OptionalLong.of(Simulation.run(scenario, seed));
    } catch (InvariantBrokenException e) {
      defect = String.valueOf(e.getMessage());
    }
    String hash = history.isPresent() ? Long.toHexString(history.getAsLong()) : "";
    if (cli.json()) {
      ObjectNode json = JsonMapper.shared().createObjectNode();
      json.put("seed", seed).put("scenario", scenario.toString());
      json.put("history", hash).put("defect", defect);
      cli.out().println(JsonMapper.shared().writeValueAsString(json));
    } else {
      cli.out().println("seed " + seed + ", " + scenario);
      cli.out().println(history.isPresent() ? "nothing broke, history " + hash : defect);
    }
    return history.isPresent() ? ExitCode.OK : ExitCode.BUG;
  }

  private ExitCode sweep() throws InterruptedException {
    long start = System.nanoTime();
    AtomicLong said = new AtomicLong(start);
    Sweep.Result result =
        Sweep.run(
            from,
            seeds,
            done -> {
              long now = System.nanoTime();
              long before = said.get();
              if (now - before >= SAY_EVERY_NANOS && said.compareAndSet(before, now)) {
                cli.say(
                    String.format(
                        Locale.ROOT,
                        "%,d of %,d seeds, %.0f a second",
                        done,
                        seeds,
                        done * NANOS / (now - start)));
              }
            });
    double perSecond = result.seeds() * NANOS / (System.nanoTime() - start);
    if (cli.json()) {
      printJson(result, perSecond);
    } else {
      print(result, perSecond);
    }
    return result.defects().isEmpty() ? ExitCode.OK : ExitCode.BUG;
  }

  private void print(Sweep.Result result, double perSecond) {
    result.defects().forEach(cli.out()::println);
    for (Map.Entry<Happened, Long> entry : result.tally().counts().entrySet()) {
      cli.out()
          .println(
              String.format(Locale.ROOT, "%,14d  %s", entry.getValue(), entry.getKey().meaning()));
    }
    cli.out()
        .println(
            String.format(
                Locale.ROOT,
                "%,d seeds from %d, %.0f a second, %s",
                result.seeds(),
                from,
                perSecond,
                result.defects().isEmpty()
                    ? "no invariant broken"
                    : result.defects().size() + " of them broken: --seed SEED repeats one"));
  }

  private void printJson(Sweep.Result result, double perSecond) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("from", from).put("seeds", result.seeds()).put("seedsPerSecond", perSecond);
    result.defects().forEach(json.putArray("defects")::add);
    ObjectNode coverage = json.putObject("coverage");
    result.tally().counts().forEach((what, count) -> coverage.put(what.name(), count));
    cli.out().println(JsonMapper.shared().writeValueAsString(json));
  }
}
