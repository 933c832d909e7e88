package dev.kith.cli;

import dev.kith.node.NodeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes files. */
@Command(
    name = "rm",
    description = {
      "Remove files, or with -r folders, from the store.",
      "A path that cannot be removed does not keep the others."
    })
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
    List<JsonText> told = new ArrayList<>();
    Optional<Failure> first = Optional.empty();
    long removed = 0;
    for (String given : paths) {
      String path = StorePath.of(given);
      JsonText line = JsonText.object().with("path", path);
      if (first.isPresent() && first.get().ofTheDaemon()) {
        told.add(line.with("removed", 0));
        cli.say("kith: " + path + " was not tried");
        continue;
      }
      try {
        long files = remove(daemon, path);
        removed += files;
        told.add(line.with("removed", files));
        say(path, files);
      } catch (NodeException e) {
        Failure failure = Failure.of(e);
        cli.say("kith: " + failure.message());
        told.add(line.with("removed", 0).with("error", failure.json()));
        first = first.or(() -> Optional.of(failure));
      }
    }
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("removed", removed)
              .with("paths", told)
              .with("error", first.map(Failure::json)));
    }
    return first.map(Failure::code).orElse(ExitCode.OK);
  }

  private long remove(DaemonClient daemon, String path) throws IOException {
    Map<String, Object> query = Map.of("path", path, "recursive", recursive);
    return JsonNode.parse(daemon.delete("files", query)).number("removed");
  }

  private void say(String path, long files) {
    cli.say("removed " + path + (files == 1 ? "" : ": " + Counted.of(files, "file")));
  }
}
