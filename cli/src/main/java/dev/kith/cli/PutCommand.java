package dev.kith.cli;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores files and folders. They become visible together, when all are safe. */
@Command(
    name = "put",
    description = {
      "Store files and folders in the mesh.",
      "It returns when every byte is fsynced on all its copies and the names stand in a final"
          + " block. A path that exists gets a new version."
    })
final class PutCommand extends KithCommand {
  private static final int COPIES = 3;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files or folders; - is stdin, and needs --to.")
  private List<String> files = List.of();

  @Option(
      names = "--to",
      paramLabel = "PATH",
      description = "The path in the store, or a folder there (default: / and the file's name).")
  private @Nullable String to;

  @Option(
      names = "--copies",
      paramLabel = "N",
      defaultValue = "3",
      description = "Copies wanted, on as many peers (default: ${DEFAULT-VALUE}).")
  private int copies = COPIES;

  PutCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (files.contains("-") && (files.size() > 1 || to == null)) {
      throw new NodeException(
          Problem.BAD_REQUEST, "- (stdin) must be the only file, and needs --to PATH");
    }
    DaemonClient daemon = cli.daemon();
    LocalTree tree = new LocalTree(cli::say);
    if (!files.contains("-")) {
      for (String file : files) {
        Path path = Path.of(file);
        tree.add(path, target(daemon, path));
      }
    }
    long startNanos = System.nanoTime();
    String put = daemon.post("puts", JsonText.object().with("copies", copies)).text("put");
    AtomicBoolean committing = new AtomicBoolean();
    JsonNode summary;
    List<JsonNode> stored = new ArrayList<>();
    boolean done = false;
    try (Progress progress = new Progress(cli, "put", Progress.Unit.BYTES, total(tree));
        Interruption _ = Interruption.says(cli, () -> becomes(committing.get()))) {
      if (files.contains("-")) {
        String path = StorePath.of(String.valueOf(to));
        stored.add(send(daemon, put, path, cli.in(), -1, System.currentTimeMillis(), progress, 0));
      }
      long before = 0;
      for (LocalTree.Entry entry : tree.entries()) {
        try (InputStream in = Files.newInputStream(entry.file())) {
          stored.add(
              send(
                  daemon,
                  put,
                  entry.target(),
                  in,
                  entry.bytes(),
                  entry.modifiedMillis(),
                  progress,
                  before));
        }
        before += entry.bytes();
      }
      progress.waits(() -> waitsFor(daemon));
      committing.set(true);
      summary = daemon.post("puts/" + put + "/commit", JsonText.object());
      done = true;
    } finally {
      if (!done) {
        abandon(daemon, put);
      }
    }
    report(stored, summary, System.nanoTime() - startNanos);
    return ExitCode.OK;
  }

  private long total(LocalTree tree) {
    return files.contains("-")
        ? -1
        : tree.entries().stream().mapToLong(LocalTree.Entry::bytes).sum();
  }

  /** What a put that is stopped leaves behind. */
  private static String becomes(boolean committing) {
    return committing
        ? "stopped while the daemon made it final: it may still become so (kith ls shows whether)"
        : "stopped before all was sent: nothing is stored";
  }

  /** What the commit waits for, as far as this peer can tell. */
  private static String waitsFor(DaemonClient daemon) {
    try {
      JsonNode head = daemon.getJson("ledger/head", Map.of());
      return head.truth("stalled")
          ? "waits for the ledger, which is stalled: "
              + head.list("reachable").size()
              + " of "
              + head.list("committee").size()
              + " validators are reachable, "
              + head.text("quorum")
              + " are needed"
          : "waits until all copies are safe and its names stand in a final block";
    } catch (IOException e) {
      return "waits for the daemon, which does not say for what: " + Kith.oneLine(e.getMessage());
    }
  }

  private static JsonNode send(
      DaemonClient daemon,
      String put,
      String path,
      InputStream content,
      long bytes,
      long modifiedMillis,
      Progress progress,
      long before)
      throws IOException {
    return daemon.upload(
        "PUT",
        "puts/" + put + "/files",
        Map.of("path", path, "modified", modifiedMillis),
        content,
        bytes,
        sent -> progress.at(before + sent));
  }

  private static void abandon(DaemonClient daemon, String put) {
    try {
      daemon.delete("puts/" + put, Map.of());
    } catch (IOException e) {
      return; // the daemon forgets it by itself; the first failure is the one to tell
    }
  }

  /**
   * As cp does it: into a folder that exists or that a slash names, otherwise to that very name.
   */
  private String target(DaemonClient daemon, Path file) throws IOException {
    if (to == null) {
      return StorePath.join("/", StorePath.nameOf(file));
    }
    String path = StorePath.of(to);
    boolean into = to.endsWith("/") || files.size() > 1 || folderInStore(daemon, path);
    return into ? StorePath.join(path, StorePath.nameOf(file)) : path;
  }

  private static boolean folderInStore(DaemonClient daemon, String path) throws IOException {
    if (path.equals("/")) {
      return true;
    }
    try {
      return daemon.getJson("stat", Map.of("path", path)).truth("folder");
    } catch (NodeException e) {
      if (e.problem() == Problem.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private void report(List<JsonNode> stored, JsonNode summary, long nanos) {
    long least = summary.number("copiesLeast");
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("files", stored)
              .with("bytes", summary.number("bytes"))
              .with("storedBytes", summary.number("storedBytes"))
              .with("groups", summary.number("groups"))
              .with("copiesLeast", least)
              .with("height", summary.number("height")));
    } else {
      stored.forEach(file -> cli.out().println(file.text("path")));
    }
    cli.say(
        Counted.of(stored.size(), "file")
            + ", "
            + Counted.transfer(summary.number("bytes"), nanos / 1e9)
            + ", "
            + least
            + (least == 1 ? " copy" : " copies")
            + ", final in block "
            + summary.number("height"));
    if (summary.number("groups") > 0 && least < copies) {
      cli.say(
          "kith: only "
              + least
              + " of "
              + copies
              + " copies: the realm has too few peers with room now (kith peers)");
    }
  }
}
