package dev.kith.ledger.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens files; tests put one in its place that fills up, fails or is slow. */
@FunctionalInterface
public interface Disk {
  /** The machine's own. */
  Disk REAL = FileChannel::open;

  FileChannel open(Path file, OpenOption... options) throws IOException;

  /** Makes a folder that is there after a power cut, unless there is one already. */
  default void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      Path parent = folder.toAbsolutePath().getParent();
      if (parent != null) {
        syncFolder(parent);
      }
    }
  }

  /** Returns once the names in a folder are on disk: a file's own force does not cover its name. */
  default void syncFolder(Path folder) throws IOException {
    try (FileChannel directory = open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
