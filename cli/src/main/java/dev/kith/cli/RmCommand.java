package dev.kith.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes files. */
@Command(name = "rm", description = "Remove files, or with -r folders, from the store.")
final class RmCommand extends KithCommand {
  @Parameters(arity = "1..*", paramLabel = "PATH", description = "What to remove.")
  private List<String> paths = List.of();

  @Option(
      names = {"-r", "--recursive"},
      description = "Folders too, with all in them.")
  private boolean recursive;

  RmCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    DaemonClient daemon = cli.daemon();
    long removed = 0;
    for (String path : paths) {
      byte[] answer =
          daemon.delete("files", Map.of("path", StorePath.of(path), "recursive", recursive));
      removed += JsonNode.parse(answer).number("removed");
    }
    if (cli.json()) {
      cli.printJson(JsonText.object().with("removed", removed));
    } else {
      cli.say(removed == 1 ? "1 file removed" : removed + " files removed");
    }
    return ExitCode.OK;
  }
}
