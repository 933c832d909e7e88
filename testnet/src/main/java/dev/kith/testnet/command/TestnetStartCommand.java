package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import dev.kith.testnet.local.Testnet;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Brings peers of a testnet back. */
@Command(name = "start", description = "Start peers that are down; returns when they serve.")
final class TestnetStartCommand extends KithCommand {
  @Mixin private final TestnetFolder folder = new TestnetFolder();

  @Parameters(arity = "1..*", paramLabel = "N", description = "Numbers of peers, from 1.")
  private List<Integer> peers = List.of();

  TestnetStartCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    Testnet testnet = folder.open(cli);
    testnet.start(peers);
    if (cli.json()) {
      TestnetStatusCommand.print(cli, testnet);
    }
    peers.forEach(peer -> cli.say("peer " + peer + ": serves"));
    return ExitCode.OK;
  }
}
