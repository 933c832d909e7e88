package dev.kith.node.files.names;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.node.files.content.Content;
import dev.kith.node.files.content.ContentCodec;
import dev.kith.node.files.content.GroupRanges;

/**
 * The binary form of nodes, big-endian.
 *
 * <pre>
 * node := kind u8 | content | groups | modified u63
 *         | sha256 32, chunks u32, version u32, since u63 for a file (kind 1)
 *         | nothing more for a folder (kind 2)
 * </pre>
 */
public final class NodeCodec {
  private static final int FILE = 1;
  private static final int FOLDER = 2;

  private NodeCodec() {}

  public static void write(Writer to, Node node) {
    to.u8(
        switch (node) {
          case Node.FileNode _ -> FILE;
          case Node.FolderNode _ -> FOLDER;
        });
    ContentCodec.write(to, node.content());
    node.groups().write(to);
    to.u63(node.modifiedMillis());
    if (node instanceof Node.FileNode file) {
      to.fixed(file.sha256()).u32(file.chunks()).u32(file.version()).u63(file.since());
    }
  }

  public static Node read(Reader from) throws DecodeException {
    int kind = from.u8();
    Content content = ContentCodec.read(from);
    GroupRanges groups = GroupRanges.read(from);
    long modified = from.u63();
    return switch (kind) {
      case FILE ->
          new Node.FileNode(
              content, groups, from.hash(), from.u32(), modified, from.u32(), from.u63());
      case FOLDER -> new Node.FolderNode(content, groups, modified);
      default -> throw new DecodeException("a node of kind " + kind);
    };
  }
}
