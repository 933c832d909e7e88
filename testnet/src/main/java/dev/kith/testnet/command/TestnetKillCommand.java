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

/** Kills peers of a testnet. */
@Command(
    name = "kill",
    description = "Kill peers with SIGKILL, as if their machines had lost power.")
final class TestnetKillCommand extends KithCommand {
  @Mixin private final TestnetFolder folder = new TestnetFolder();

  @Parameters(arity = "1..*", paramLabel = "N", description = "Numbers of peers, from 1.")
  private List<Integer> peers = List.of();

  TestnetKillCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    Testnet testnet = folder.open(cli);
    List<Integer> killed = testnet.kill(peers);
    if (cli.json()) {
      TestnetStatusCommand.print(cli, testnet);
    }
    for (int peer : peers) {
      cli.say("peer " + peer + (killed.contains(peer) ? ": killed" : ": was down already"));
    }
    return ExitCode.OK;
  }
}
