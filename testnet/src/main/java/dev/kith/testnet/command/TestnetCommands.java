package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.CommandProvider;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/** Offers this module's commands to {@code kith}. */
public final class TestnetCommands implements CommandProvider {
  @Override
  public Map<String, Function<Cli, Object>> commands() {
    return Map.of("testnet", TestnetCommands::testnet, "demo", DemoCommand::new);
  }

  private static CommandLine testnet(Cli cli) {
    return new CommandLine(new TestnetCommand(cli))
        .addSubcommand("up", new TestnetUpCommand(cli))
        .addSubcommand("status", new TestnetStatusCommand(cli))
        .addSubcommand("kill", new TestnetKillCommand(cli))
        .addSubcommand("start", new TestnetStartCommand(cli))
        .addSubcommand("down", new TestnetDownCommand(cli))
        .addSubcommand(
            "bench",
            new CommandLine(new BenchCommand(cli))
                .addSubcommand("libp2p", new BenchLibp2pCommand(cli))
                .addSubcommand("gossipsub", new BenchGossipsubCommand(cli))
                .addSubcommand("tree", new BenchTreeCommand(cli)))
        .addSubcommand(
            "simulate",
            new CommandLine(new SimulateCommand(cli))
                .addSubcommand("ledger", new SimulateLedgerCommand(cli))
                .addSubcommand("gossipsub", new SimulateGossipsubCommand(cli)));
  }
}
