package dev.kith.cli;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches a file or a folder. */
@Command(
    name = "get",
    description = {
      "Fetch a file or a folder from the mesh.",
      "Every byte is checked; the result appears at once, when it is whole."
    })
final class GetCommand extends KithCommand {
  @Parameters(paramLabel = "PATH", description = "What to fetch.")
  private String path = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to (default: its name, here); - is stdout.")
  private @Nullable String output;

  @Option(names = "--force", description = "Replace a file that exists.")
  private boolean force;

  GetCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    DaemonClient daemon = cli.daemon();
    String source = StorePath.of(path);
    JsonNode stat = daemon.getJson("stat", Map.of("path", source));
    long startNanos = System.nanoTime();
    List<JsonNode> files = new ArrayList<>();
    if ("-".equals(output)) {
      toStdout(daemon, source, stat);
      return ExitCode.OK;
    }
    Path target = target(source, stat.truth("folder"));
    long bytes;
    boolean folder = stat.truth("folder");
    try (Interruption _ = Interruption.says(cli, () -> becomes(target, folder))) {
      if (folder) {
        bytes = folder(daemon, source, target, files);
      } else {
        files.add(stat);
        bytes = stat.number("size");
        try (Progress progress = new Progress(cli, "get", Progress.Unit.BYTES, bytes)) {
          file(daemon, source, target, progress, 0);
        }
      }
    }
    report(target, files, bytes, (System.nanoTime() - startNanos) / 1e9);
    return ExitCode.OK;
  }

  /** What a get that is stopped leaves behind. */
  private static String becomes(Path target, boolean folder) {
    if (folder) {
      return "stopped: " + target + " has the files that were whole by then";
    }
    return OutputFile.isSpecial(target)
        ? "stopped: " + target + " has got a part only"
        : "stopped: nothing was written to " + target;
  }

  private void toStdout(DaemonClient daemon, String source, JsonNode stat) throws IOException {
    if (stat.truth("folder")) {
      throw new NodeException(Problem.BAD_REQUEST, source + " is a folder; stdout takes one file");
    }
    if (cli.json()) {
      throw new NodeException(Problem.BAD_REQUEST, "--json and -o - both want stdout");
    }
    OutputStream out = new StdoutStream(cli.rawOut());
    try (Interruption _ = Interruption.says(cli, () -> "stopped: stdout has got a part only");
        Progress progress = new Progress(cli, "get", Progress.Unit.BYTES, stat.number("size"))) {
      daemon.download("files", Map.of("path", source), _ -> out, progress::at);
    }
  }

  /** The folder's files, each by a rename of its own; folders are made as they are needed. */
  private long folder(DaemonClient daemon, String source, Path target, List<JsonNode> files)
      throws IOException {
    if (Files.exists(target) && !force) {
      throw exists(target);
    }
    List<JsonNode> entries =
        JsonNode.parse(daemon.get("list", Map.of("path", source, "recursive", true))).elements();
    long total = entries.stream().mapToLong(entry -> entry.number("size")).sum();
    Files.createDirectories(target);
    long before = 0;
    try (Progress progress = new Progress(cli, "get", Progress.Unit.BYTES, total)) {
      for (JsonNode entry : entries) {
        Path local = inside(target, source, entry.text("path"));
        if (entry.truth("folder")) {
          Files.createDirectories(local);
        } else {
          Files.createDirectories(local.toAbsolutePath().getParent());
          file(daemon, entry.text("path"), local, progress, before);
          files.add(entry);
          before += entry.number("size");
        }
      }
    }
    return total;
  }

  /** Never outside the target, whatever a name in the store looks like on this system. */
  private static Path inside(Path target, String source, String path) throws NodeException {
    String prefix = source.endsWith("/") ? source : source + "/";
    Path local =
        target
            .resolve(path.startsWith(prefix) ? path.substring(prefix.length()) : path)
            .normalize();
    if (!local.startsWith(target.normalize())) {
      throw new NodeException(Problem.BAD_REQUEST, "this system cannot hold the name " + path);
    }
    return local;
  }

  private void file(DaemonClient daemon, String source, Path target, Progress progress, long before)
      throws IOException {
    if (Files.exists(target) && !force && !OutputFile.isSpecial(target)) {
      throw exists(target);
    }
    try (OutputFile file = OutputFile.create(target)) {
      DaemonClient.Download download =
          daemon.download(
              "files",
              Map.of("path", source),
              _ -> file.stream(),
              received -> progress.at(before + received));
      file.modified(download.modifiedMillis());
      file.appear(force);
    } catch (FileAlreadyExistsException e) {
      throw exists(target);
    }
  }

  /** A file goes into a folder that exists, as with cp; a folder gets the very name. */
  private Path target(String source, boolean folder) {
    String name = StorePath.name(source);
    if (output == null) {
      return Path.of(name.isEmpty() ? "kith-files" : name);
    }
    Path target = Path.of(output);
    return !folder && Files.isDirectory(target) ? target.resolve(name) : target;
  }

  private static NodeException exists(Path target) {
    return new NodeException(
        Problem.ALREADY_EXISTS, target + " exists already (--force replaces it)");
  }

  private void report(Path target, List<JsonNode> files, long bytes, double seconds) {
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("output", target)
              .with("bytes", bytes)
              .with(
                  "files",
                  files.stream()
                      .map(
                          file ->
                              JsonText.object()
                                  .with("path", file.text("path"))
                                  .with("size", file.number("size"))
                                  .with("sha256", file.text("sha256")))
                      .toList()));
    }
    cli.say(target + ": " + Counted.transfer(bytes, seconds));
  }
}
