package dev.kith.testnet.command;

import dev.kith.cli.Cli;
import dev.kith.cli.ExitCode;
import dev.kith.cli.KithCommand;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of simulators. */
@Command(
    name = "simulate",
    synopsisSubcommandLabel = "COMMAND",
    description = "Run protocols in simulated time, with faults and liars, from seeds.")
final class SimulateCommand extends KithCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  SimulateCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }
}
