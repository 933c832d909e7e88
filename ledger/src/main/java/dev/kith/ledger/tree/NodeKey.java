package dev.kith.ledger.tree;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;

/**
 * Names a node for ever: the path to it, and the version that made it. A node never changes; an
 * update makes another one.
 *
 * @param version first, so that new nodes lie beside each other at the end of a log-structured
 *     store
 * @param depth nibbles in the path
 * @param path the nibbles, two a byte, zero after the last
 */
public record NodeKey(long version, int depth, Bytes path) {
  static final int DEPTH_MAX = 64;

  public NodeKey {
    if (version < 0 || depth < 0 || depth >= DEPTH_MAX || path.size() != (depth + 1) / 2) {
      throw new IllegalArgumentException("node: " + depth + " nibbles in " + path);
    }
    if (depth % 2 == 1 && (path.get(path.size() - 1) & 0xF) != 0) {
      throw new IllegalArgumentException("node: bits after the path " + path);
    }
  }

  /** The node at this depth on the way to a key. */
  static NodeKey on(byte[] key, int depth, long version) {
    byte[] path = java.util.Arrays.copyOf(key, (depth + 1) / 2);
    if (depth % 2 == 1) {
      path[path.length - 1] &= (byte) 0xF0;
    }
    return new NodeKey(version, depth, Bytes.wrap(path));
  }

  /** version u64 ‖ depth u8 ‖ path. */
  public Bytes encode() {
    return new Writer(48).u63(version).u8(depth).fixed(path).toBytes();
  }

  public static NodeKey decode(Bytes bytes) throws DecodeException {
    return Reader.whole(
        bytes,
        from -> {
          long version = from.u63();
          int depth = from.u8();
          return new NodeKey(version, depth, from.fixed((depth + 1) / 2));
        });
  }
}
