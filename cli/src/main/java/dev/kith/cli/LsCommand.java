package dev.kith.cli;

import dev.kith.node.realm.ByteSize;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists files. */
@Command(name = "ls", description = "List the files of a folder in the store.")
final class LsCommand extends KithCommand {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      defaultValue = "/",
      description = "A folder or a file (default: ${DEFAULT-VALUE}).")
  private String path = "/";

  @Option(
      names = {"-r", "--recursive"},
      description = "All below it too.")
  private boolean recursive;

  LsCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    String folder = StorePath.of(path);
    byte[] answer = cli.daemon().get("list", Map.of("path", folder, "recursive", recursive));
    if (cli.json()) {
      cli.printJson(answer);
      return ExitCode.OK;
    }
    for (JsonNode entry : JsonNode.parse(answer).elements()) {
      String shown = recursive ? entry.text("path") : StorePath.name(entry.text("path"));
      cli.out()
          .println(
              String.format(
                  "%9s  %16s  %s%s",
                  entry.truth("folder") ? "-" : ByteSize.approximate(entry.number("size")),
                  entry.truth("folder") ? "" : time(entry.number("modified")),
                  shown,
                  entry.truth("folder") ? "/" : ""));
    }
    return ExitCode.OK;
  }

  private static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
  }
}
