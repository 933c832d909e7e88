package dev.kith.cli;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.nio.file.Path;

/** Paths in the store, as users type them. */
final class StorePath {
  private StorePath() {}

  /** Absolute, without a slash at its end; {@code kith:} in front may be there or not. */
  static String of(String text) {
    String path = text.startsWith("kith:") ? text.substring(5) : text;
    path = path.startsWith("/") ? path : "/" + path;
    while (path.length() > 1 && path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return path;
  }

  static String join(String folder, String name) {
    return folder.endsWith("/") ? folder + name : folder + "/" + name;
  }

  /** The last segment. */
  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The name that a local file gets in the store. */
  static String nameOf(Path file) throws NodeException {
    Path name = file.toAbsolutePath().normalize().getFileName();
    if (name == null) {
      throw new NodeException(
          Problem.BAD_REQUEST, file + " has no name of its own; give it one with --to");
    }
    return name.toString();
  }
}
