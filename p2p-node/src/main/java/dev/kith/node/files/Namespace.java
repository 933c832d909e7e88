package dev.kith.node.files;

import dev.kith.ledger.LedgerView;
import dev.kith.ledger.NamespaceRow;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.mesh.Mesh;
import dev.kith.node.files.names.NameTree;
import dev.kith.node.files.names.Node;
import dev.kith.node.files.names.Node.FileNode;
import dev.kith.node.files.names.Node.FolderNode;
import dev.kith.node.files.names.Paths;
import dev.kith.node.files.names.RootReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The owner's names as they are now. Thread-safe. */
final class Namespace {
  /** Kith's own folder, which lists of the root leave out. */
  private static final String OWN = ".kith";

  private final Mesh mesh;
  private final OwnerSecrets secrets;
  private final Folders folders;
  private final NameTree tree;

  /**
   * The names at one version.
   *
   * @param version 0 before the first put
   */
  record Root(long version, Optional<FolderNode> folder) {}

  Namespace(Mesh mesh, OwnerSecrets secrets, Folders folders) {
    this.mesh = mesh;
    this.secrets = secrets;
    this.folders = folders;
    this.tree = new NameTree(folders.readOnly());
  }

  Root root() throws NodeException {
    return root(mesh.ledger().view());
  }

  Root root(LedgerView view) throws NodeException {
    Optional<NamespaceRow> row = view.namespace(secrets.owner());
    if (row.isEmpty()) {
      return new Root(0, Optional.empty());
    }
    try {
      FolderNode folder =
          RootReference.open(row.get().rootReference(), secrets.namespaceKey(), secrets.owner());
      return new Root(row.get().version(), Optional.of(folder));
    } catch (DecodeException e) {
      throw new NodeException(
          Problem.DATA_CORRUPT, "the owner's names cannot be read: " + e.getMessage(), e);
    }
  }

  NameTree tree() {
    return tree;
  }

  Optional<Node> find(Root root, List<String> path) throws IOException, InterruptedException {
    return root.folder().isPresent() ? tree.find(root.folder().get(), path) : Optional.empty();
  }

  FileNode file(Root root, String path) throws IOException, InterruptedException {
    return switch (find(root, Paths.split(path)).orElse(null)) {
      case FileNode file -> file;
      case FolderNode _ -> throw new NodeException(Problem.BAD_REQUEST, path + " is a folder");
      case null -> throw missing(path);
    };
  }

  FileEntry entry(String path) throws IOException, InterruptedException {
    List<String> segments = Paths.split(path);
    Optional<Node> node = find(root(), segments);
    if (node.isEmpty() && segments.isEmpty()) {
      return new FileEntry("/", true, 0, Optional.empty(), 0, 0);
    }
    return entry(segments, node.orElseThrow(() -> missing(path)));
  }

  void list(String path, boolean recursive, FileService.EntryVisitor visitor)
      throws IOException, InterruptedException {
    List<String> segments = Paths.split(path);
    Optional<Node> node = find(root(), segments);
    if (node.isEmpty() && segments.isEmpty()) {
      return;
    }
    switch (node.orElseThrow(() -> missing(path))) {
      case FileNode file -> visitor.visit(entry(segments, file));
      case FolderNode folder when recursive -> listAll(folder, segments, visitor);
      case FolderNode folder -> listOne(folder, segments, visitor);
    }
  }

  private void listAll(FolderNode folder, List<String> path, FileService.EntryVisitor visitor)
      throws IOException, InterruptedException {
    tree.walk(
        folder,
        path,
        (at, node) -> {
          boolean shown = !own(at) || !path.isEmpty();
          if (shown) {
            visitor.visit(entry(at, node));
          }
          return shown;
        });
  }

  private void listOne(FolderNode folder, List<String> path, FileService.EntryVisitor visitor)
      throws IOException, InterruptedException {
    for (Map.Entry<String, Node> entry : folders.load(folder).entries().entrySet()) {
      List<String> at = new ArrayList<>(path);
      at.add(entry.getKey());
      if (!own(at) || !path.isEmpty()) {
        visitor.visit(entry(at, entry.getValue()));
      }
    }
  }

  private static boolean own(List<String> path) {
    return path.getFirst().equals(OWN);
  }

  static FileEntry entry(List<String> path, Node node) {
    return switch (node) {
      case FileNode file ->
          new FileEntry(
              Paths.join(path),
              false,
              file.content().size(),
              Optional.of(file.sha256()),
              file.modifiedMillis(),
              file.version());
      case FolderNode folder ->
          new FileEntry(Paths.join(path), true, 0, Optional.empty(), folder.modifiedMillis(), 0);
    };
  }

  static NodeException missing(String path) {
    return new NodeException(Problem.NOT_FOUND, path + ": no such file or folder");
  }
}
