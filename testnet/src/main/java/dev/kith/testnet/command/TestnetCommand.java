package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands on a testnet. */
@Command(
    name = "testnet",
    synopsisSubcommandLabel = "COMMAND",
    description = "A realm of real processes on this machine, to try things in.")
final class TestnetCommand extends KithCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  TestnetCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }
}
