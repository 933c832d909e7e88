package dev.kith.cli;

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
    String script = CompletionScript.of(Kith.commandLine(cli));
    if (cli.json()) {
      cli.printJson(JsonText.object().with("script", script));
    } else {
      cli.out().print(script);
      cli.out().flush();
    }
    return ExitCode.OK;
  }
}
