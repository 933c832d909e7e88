package dev.kith.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Hands programs and inputs to the daemon. */
final class Uploads {
  private static final String STORED = "kith:";

  private final Cli cli;
  private final DaemonClient daemon;

  Uploads(Cli cli, DaemonClient daemon) {
    this.cli = cli;
    this.daemon = daemon;
  }

  /** A file as the API names it: by its path in the store, or by the id that its upload got. */
  JsonText source(String file) throws IOException {
    if (file.startsWith(STORED)) {
      return JsonText.object().with("path", StorePath.of(file));
    }
    if (file.equals("-")) {
      return spooled("stdin", cli.in(), -1);
    }
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new java.nio.file.FileSystemException(file, null, "is a folder, and a file is wanted");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return spooled(String.valueOf(path.getFileName()), in, Files.size(path));
    }
  }

  private JsonText spooled(String name, InputStream in, long bytes) throws IOException {
    try (Progress progress = new Progress(cli, "upload " + name, Progress.Unit.BYTES, bytes)) {
      JsonNode answer = daemon.upload("POST", "spool", Map.of(), in, bytes, progress::at);
      return JsonText.object().with("spool", answer.text("spool")).with("name", name);
    }
  }
}
