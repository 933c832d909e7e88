package dev.kith.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints the completion script for bash and zsh. */
@Command(
    name = "completion",
    description = "Print the shell completion script: source <(kith completion).")
final class CompletionCommand extends KithCommand {
  CompletionCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() {
    cli.out().print(AutoComplete.bash("kith", Kith.commandLine(cli)));
    cli.out().flush();
    return ExitCode.OK;
  }
}
