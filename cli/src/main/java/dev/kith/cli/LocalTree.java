package dev.kith.cli;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.names.Paths;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** The local files that a put takes, found before anything is sent. */
final class LocalTree {
  private final List<Entry> entries = new ArrayList<>();
  private final Consumer<String> warn;

  /** A file and the path that it gets. */
  record Entry(Path file, String target, long bytes, long modifiedMillis) {}

  /**
   * @param warn told of what is left out
   */
  LocalTree(Consumer<String> warn) {
    this.warn = warn;
  }

  /** Files in name order. */
  List<Entry> entries() {
    return Collections.unmodifiableList(entries);
  }

  /** Adds a file, or a folder with all in it. Links to files are followed, links to folders not. */
  void add(Path path, String target) throws IOException {
    if (Files.isDirectory(path)) {
      addFolder(path, target);
    } else if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    } else if (!Files.isRegularFile(path)) {
      throw new NodeException(
          Problem.BAD_REQUEST, path + " is no file (for what a program writes, use: kith put -)");
    } else if (!Files.isReadable(path)) {
      throw new java.nio.file.AccessDeniedException(path.toString());
    } else if (!Paths.isPath(target)) {
      throw new NodeException(
          Problem.BAD_REQUEST,
          "the store cannot hold "
              + Printable.of(path)
              + " as "
              + Printable.of(target)
              + " (name it with --to)");
    } else {
      entries.add(
          new Entry(path, target, Files.size(path), Files.getLastModifiedTime(path).toMillis()));
    }
  }

  private void addFolder(Path folder, String target) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(folder)) {
      listing.forEach(children::add);
    }
    Collections.sort(children);
    for (Path child : children) {
      String path = StorePath.join(target, String.valueOf(child.getFileName()));
      if (!Paths.isPath(path)) {
        warn.accept("kith: left out, its name cannot stand in the store: " + Printable.of(child));
      } else if (Files.isSymbolicLink(child) && !Files.isRegularFile(child)) {
        warn.accept("kith: left out, a link that leads to no file: " + child);
      } else if (!Files.isRegularFile(child)
          && !Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        warn.accept("kith: left out, neither file nor folder: " + child);
      } else {
        add(child, path);
      }
    }
  }
}
