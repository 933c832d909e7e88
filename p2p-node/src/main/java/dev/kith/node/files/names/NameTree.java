package dev.kith.node.files.names;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.names.Node.FileNode;
import dev.kith.node.files.names.Node.FolderNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tree of names under one root. Like a git tree it is never changed: applying operations makes
 * new objects of the folders on the changed paths, and shares all others.
 *
 * <p><b>Conflicts.</b> Several devices of one owner write at once. The ledger lets one root win;
 * the others apply their operations anew. An entry that came after the operations' base version was
 * written by somebody who did not know of them: then both are kept, the later one under another
 * name; and a removal spares what came after it was asked for.
 */
public final class NameTree {
  private final FolderStore folders;

  public NameTree(FolderStore folders) {
    this.folders = folders;
  }

  /**
   * When and by whom operations are applied.
   *
   * @param base the version of the namespace that the operations' author knew
   * @param version the one that this application will make
   * @param conflictLabel stands in the name of a file that met another, such as the device's name
   */
  public record Change(long base, long version, long nowMillis, String conflictLabel) {}

  /**
   * What came of the operations.
   *
   * @param removed files that are gone
   * @param renamed paths that files got in place of the one they were put to
   */
  public record Applied(FolderNode root, int removed, List<String> renamed) {
    public Applied {
      renamed = List.copyOf(renamed);
    }
  }

  /** Told of each entry of a tree, parents first, in name order; returns whether to go into it. */
  @FunctionalInterface
  public interface Visitor {
    boolean visit(List<String> path, Node node) throws IOException, InterruptedException;
  }

  /** What a path names. */
  public Optional<Node> find(FolderNode root, List<String> path)
      throws IOException, InterruptedException {
    Node at = root;
    for (String segment : path) {
      if (!(at instanceof FolderNode folder)) {
        return Optional.empty();
      }
      Node next = folders.load(folder).entries().get(segment);
      if (next == null) {
        return Optional.empty();
      }
      at = next;
    }
    return Optional.of(at);
  }

  /** Walks all that is below a folder. */
  public void walk(FolderNode from, List<String> path, Visitor visitor)
      throws IOException, InterruptedException {
    for (Map.Entry<String, Node> entry : folders.load(from).entries().entrySet()) {
      List<String> below = append(path, entry.getKey());
      if (visitor.visit(below, entry.getValue()) && entry.getValue() instanceof FolderNode folder) {
        walk(folder, below, visitor);
      }
    }
  }

  /**
   * Applies operations; where two name one path the later one counts.
   *
   * @param root empty for an owner without files
   * @throws NodeException ALREADY_EXISTS when a file is where a folder must be
   */
  public Applied apply(Optional<FolderNode> root, List<PathOp> operations, Change change)
      throws IOException, InterruptedException {
    Plan plan = new Plan();
    for (PathOp operation : operations) {
      plan.add(operation.path(), 0, operation);
    }
    Application application = new Application(change);
    Folder before = root.isPresent() ? folders.load(root.get()) : Folder.EMPTY;
    Folder after = application.apply(before, plan, List.of());
    FolderNode saved =
        root.isPresent() && after.equals(before)
            ? root.get()
            : folders.save(after, change.nowMillis());
    return new Applied(saved, application.removed, application.renamed);
  }

  private static List<String> append(List<String> path, String segment) {
    List<String> longer = new ArrayList<>(path);
    longer.add(segment);
    return longer;
  }

  /** Operations by folder, so that each folder is loaded and saved once. */
  private static final class Plan {
    private final Map<String, Plan> below = new LinkedHashMap<>();
    private Optional<PathOp> here = Optional.empty();

    void add(List<String> path, int depth, PathOp operation) {
      if (depth == path.size()) {
        here = Optional.of(operation);
        below.clear();
      } else {
        below.computeIfAbsent(path.get(depth), _ -> new Plan()).add(path, depth + 1, operation);
      }
    }

    /** Whether anything is put here or below. */
    boolean puts() {
      return here.filter(PathOp.Put.class::isInstance).isPresent()
          || below.values().stream().anyMatch(Plan::puts);
    }
  }

  /** One run over the tree. */
  private final class Application {
    private final Change change;
    private final List<String> renamed = new ArrayList<>();
    private int removed;

    Application(Change change) {
      this.change = change;
    }

    Folder apply(Folder folder, Plan plan, List<String> path)
        throws IOException, InterruptedException {
      TreeMap<String, Node> entries = new TreeMap<>(folder.entries());
      for (Map.Entry<String, Plan> step : plan.below.entrySet()) {
        String name = step.getKey();
        Plan here = step.getValue();
        if (here.here.isPresent()) {
          switch (here.here.get()) {
            case PathOp.Put put -> put(entries, path, name, put.file());
            case PathOp.Remove _ -> remove(entries, name);
          }
        }
        if (!here.below.isEmpty()) {
          descend(entries, path, name, here);
        }
      }
      if (entries.size() > Folder.ENTRIES_MAX) {
        throw new NodeException(
            Problem.BAD_REQUEST,
            Paths.join(path) + ": a folder holds at most " + Folder.ENTRIES_MAX + " entries");
      }
      return new Folder(entries);
    }

    private void put(Map<String, Node> entries, List<String> path, String name, FileNode file) {
      Node existing = entries.get(name);
      if (existing == null) {
        entries.put(name, file.as(1, change.version()));
      } else if (existing instanceof FileNode before && before.since() <= change.base()) {
        entries.put(name, file.as(before.version() + 1, change.version()));
      } else {
        String other = ConflictName.of(name, change.conflictLabel(), entries.keySet());
        renamed.add(Paths.join(append(path, other)));
        entries.put(other, file.as(1, change.version()));
      }
    }

    private void remove(Map<String, Node> entries, String name)
        throws IOException, InterruptedException {
      Node existing = entries.get(name);
      Optional<Node> left = existing == null ? Optional.empty() : without(existing);
      if (left.isPresent()) {
        entries.put(name, left.get());
      } else {
        entries.remove(name);
      }
    }

    /** What is left of a node when all that its remover knew of is gone. */
    private Optional<Node> without(Node node) throws IOException, InterruptedException {
      return switch (node) {
        case FileNode file -> {
          if (file.since() > change.base()) {
            yield Optional.of(file);
          }
          removed++;
          yield Optional.empty();
        }
        case FolderNode folder -> {
          TreeMap<String, Node> kept = new TreeMap<>();
          Folder before = folders.load(folder);
          for (Map.Entry<String, Node> entry : before.entries().entrySet()) {
            without(entry.getValue()).ifPresent(left -> kept.put(entry.getKey(), left));
          }
          yield kept.isEmpty() ? Optional.empty() : Optional.of(saved(folder, before, kept));
        }
      };
    }

    private void descend(Map<String, Node> entries, List<String> path, String name, Plan plan)
        throws IOException, InterruptedException {
      Node existing = entries.get(name);
      String target = name;
      if (existing instanceof FileNode file) {
        if (!plan.puts()) {
          return;
        }
        if (file.since() <= change.base()) {
          throw new NodeException(
              Problem.ALREADY_EXISTS, Paths.join(append(path, name)) + " is a file, not a folder");
        }
        target = ConflictName.of(name, change.conflictLabel(), entries.keySet());
        renamed.add(Paths.join(append(path, target)));
      }
      Optional<FolderNode> node =
          existing instanceof FolderNode folder ? Optional.of(folder) : Optional.empty();
      Folder before = node.isPresent() ? folders.load(node.get()) : Folder.EMPTY;
      Folder after = apply(before, plan, append(path, target));
      if (after.entries().isEmpty()) {
        entries.remove(target);
      } else if (node.isPresent()) {
        entries.put(target, saved(node.get(), before, after.entries()));
      } else {
        entries.put(target, folders.save(after, change.nowMillis()));
      }
    }

    /** The folder itself where nothing changed. */
    private FolderNode saved(FolderNode node, Folder before, Map<String, Node> after)
        throws IOException, InterruptedException {
      return before.entries().equals(after)
          ? node
          : folders.save(new Folder(new TreeMap<>(after)), change.nowMillis());
    }
  }
}
