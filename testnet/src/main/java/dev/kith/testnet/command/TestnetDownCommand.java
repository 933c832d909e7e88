package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
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
    List<Integer> ended = folder.open(cli).down();
    cli.say(ended.isEmpty() ? "no peer ran" : "ended " + ended.size() + " peers");
    return ExitCode.OK;
  }
}
