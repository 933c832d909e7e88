package dev.kith.node.files.names;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;

/**
 * The entries of a folder, by name. Its binary form, big-endian:
 *
 * <pre>
 * folder := version u8 = 1 | count u32 | entry *
 * entry  := name (u16 length, UTF-8) | node
 * </pre>
 */
public record Folder(NavigableMap<String, Node> entries) {
  /** Entries of one folder. */
  public static final int ENTRIES_MAX = 50_000;

  /** The largest encoded folder. */
  public static final int BYTES_MAX = 64 << 20;

  public static final Folder EMPTY = new Folder(new TreeMap<>());

  private static final int VERSION = 1;

  public Folder {
    entries = Collections.unmodifiableNavigableMap(new TreeMap<>(entries));
    if (entries.size() > ENTRIES_MAX) {
      throw new IllegalArgumentException("entries: " + entries.size());
    }
  }

  public byte[] encode() {
    Writer to = new Writer(256 * entries.size() + 16);
    to.u8(VERSION).u32(entries.size());
    entries.forEach(
        (name, node) -> {
          to.text(name);
          NodeCodec.write(to, node);
        });
    return to.toArray();
  }

  /**
   * Reads {@link #encode}.
   *
   * @throws DecodeException for another version, names out of order or not allowed, bytes left over
   */
  public static Folder decode(Bytes encoded) throws DecodeException {
    Reader from = new Reader(encoded);
    if (from.u8() != VERSION) {
      throw new DecodeException("a folder of another version");
    }
    int count = from.u32();
    if (count > ENTRIES_MAX) {
      throw new DecodeException("a folder of " + count + " entries");
    }
    TreeMap<String, Node> entries = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = from.text(Paths.SEGMENT_BYTES_MAX);
      if (!Paths.isSegment(name)
          || (!entries.isEmpty() && entries.lastKey().compareTo(name) >= 0)) {
        throw new DecodeException("a name that is not allowed or out of order");
      }
      entries.put(name, from.one(NodeCodec::read));
    }
    from.end();
    return new Folder(entries);
  }
}
