package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import dev.kith.testnet.local.Testnet;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a testnet. */
@Command(
    name = "down",
    description = "End all peers of a testnet; their folders stay, and `up` starts them again.")
final class TestnetDownCommand extends KithCommand {
  @Mixin private final TestnetFolder folder = new TestnetFolder();

  TestnetDownCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    Testnet testnet = folder.open(cli);
    List<Integer> ended = testnet.down();
    if (cli.json()) {
      TestnetStatusCommand.print(cli, testnet);
    }
    cli.say(ended.isEmpty() ? "no peer ran" : "ended " + ended.size() + " peers");
    return ExitCode.OK;
  }
}
