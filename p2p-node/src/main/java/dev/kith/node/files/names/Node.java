package dev.kith.node.files.names;

import dev.kith.node.files.content.Content;
import dev.kith.node.files.content.GroupRanges;
import java.util.Objects;
import org.apache.tuweni.bytes.Bytes32;

/** What a name stands for. */
public sealed interface Node {
  /** Its bytes: of the file, or of the folder object. */
  Content content();

  /** The groups that {@link #content} lies in, pages included. */
  GroupRanges groups();

  /** Milliseconds since 1970. */
  long modifiedMillis();

  /**
   * A file.
   *
   * @param sha256 of the whole file
   * @param chunks of data
   * @param modifiedMillis as the putter said
   * @param version how often this path was put, from 1
   * @param since the version of the namespace that brought this version of the file
   */
  record FileNode(
      Content content,
      GroupRanges groups,
      Bytes32 sha256,
      int chunks,
      long modifiedMillis,
      int version,
      long since)
      implements Node {
    public FileNode {
      Objects.requireNonNull(content, "content");
      Objects.requireNonNull(groups, "groups");
      Objects.requireNonNull(sha256, "sha256");
      if (chunks < 0) {
        throw new IllegalArgumentException("chunks: " + chunks);
      }
      if (modifiedMillis < 0) {
        throw new IllegalArgumentException("modifiedMillis: " + modifiedMillis);
      }
      if (version < 1) {
        throw new IllegalArgumentException("version: " + version);
      }
      if (since < 0) {
        throw new IllegalArgumentException("since: " + since);
      }
    }

    /** The same bytes as the given version of a path. */
    public FileNode as(int newVersion, long newSince) {
      return new FileNode(content, groups, sha256, chunks, modifiedMillis, newVersion, newSince);
    }
  }

  /** A folder, whose {@link #content} is an encoded {@link Folder}. */
  record FolderNode(Content content, GroupRanges groups, long modifiedMillis) implements Node {
    public FolderNode {
      Objects.requireNonNull(content, "content");
      Objects.requireNonNull(groups, "groups");
      if (modifiedMillis < 0) {
        throw new IllegalArgumentException("modifiedMillis: " + modifiedMillis);
      }
    }
  }
}
