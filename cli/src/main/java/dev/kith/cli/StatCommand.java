package dev.kith.cli;

import dev.kith.node.realm.ByteSize;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what a path is and where its copies lie. */
@Command(name = "stat", description = "Show what a path is, and which peers hold its copies.")
final class StatCommand extends KithCommand {
  @Parameters(paramLabel = "PATH", description = "A file or a folder.")
  private String path = "";

  StatCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    byte[] answer = cli.daemon().get("stat", Map.of("path", StorePath.of(path)));
    if (cli.json()) {
      cli.printJson(answer);
      return ExitCode.OK;
    }
    JsonNode stat = JsonNode.parse(answer);
    if (stat.truth("folder")) {
      cli.out().println("folder    " + stat.text("path"));
      return ExitCode.OK;
    }
    cli.out().println("file      " + stat.text("path"));
    cli.out()
        .println(
            "size      "
                + stat.text("size")
                + " ("
                + ByteSize.approximate(stat.number("size"))
                + ")");
    cli.out().println("sha256    " + stat.text("sha256"));
    cli.out().println("modified  " + Instant.ofEpochMilli(stat.number("modified")));
    cli.out().println("version   " + stat.text("version"));
    cli.out().println("chunks    " + stat.text("chunks"));
    for (JsonNode group : stat.list("groups")) {
      cli.out()
          .println(
              String.format(
                  "group     %s  %s, %d of %s copies",
                  group.text("id"),
                  ByteSize.approximate(group.number("bytes")),
                  group.list("holders").size(),
                  group.text("wanted")));
      group.texts("holders").forEach(holder -> cli.out().println("  on      " + holder));
    }
    return ExitCode.OK;
  }
}
