package dev.kith.node.files.names;

import java.util.List;

/** A wish to change the tree. It can be applied again to a tree that others changed meanwhile. */
public sealed interface PathOp {
  /** Segments; never the root. */
  List<String> path();

  /** The path shall name this file; its version and since are set when it is applied. */
  record Put(List<String> path, Node.FileNode file) implements PathOp {
    public Put {
      path = checked(path);
    }
  }

  /** The path, and where it is a folder all in it, shall be gone. */
  record Remove(List<String> path) implements PathOp {
    public Remove {
      path = checked(path);
    }
  }

  private static List<String> checked(List<String> path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("path: the root");
    }
    return List.copyOf(path);
  }
}
