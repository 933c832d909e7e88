package dev.kith.node.files.content;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.ChunkKey;
import dev.kith.dht.chunk.Codec;
import dev.kith.dht.chunk.GroupId;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;

/**
 * The binary form of contents and pages. Numbers are big-endian.
 *
 * <pre>
 * content := size u63 | level u8 | refs
 * page    := version u8 = 1 | level u8 | refs
 * refs    := puts u16 | put 16 * | count u16 | ref *
 * ref     := id 32 | key 32 | codec u8 | plain u32 | payload u32 | put u16 | number u32
 *            | span u63 where level > 0
 * </pre>
 *
 * A ref names its group by the place of its put in the list before it.
 */
public final class ContentCodec {
  /** References in one page: about 85 KiB for 1 GiB of a file. */
  public static final int PAGE_REFS_MAX = 1024;

  private static final int PAGE_VERSION = 1;

  private ContentCodec() {}

  public static void write(Writer to, Content content) {
    to.u63(content.size()).u8(content.level());
    writeRefs(to, content.level(), content.refs());
  }

  public static Content read(Reader from) throws DecodeException {
    long size = from.u63();
    int level = bounded("level", from.u8(), Content.LEVEL_MAX);
    List<ChunkRef> refs = readRefs(from, level, Content.REFS_MAX);
    return from.one(_ -> new Content(size, level, refs));
  }

  /**
   * @param level of the references in it
   */
  static byte[] page(int level, List<ChunkRef> refs) {
    Writer to = new Writer(96 * refs.size() + 64);
    to.u8(PAGE_VERSION).u8(level);
    writeRefs(to, level, refs);
    return to.toArray();
  }

  /**
   * Reads a page.
   *
   * @param level that the references in it must have
   * @param span that they must add up to
   */
  static List<ChunkRef> readPage(Bytes page, int level, long span) throws DecodeException {
    Reader from = new Reader(page);
    if (from.u8() != PAGE_VERSION) {
      throw new DecodeException("a page of another version");
    }
    if (from.u8() != level) {
      throw new DecodeException("a page of another level than " + level);
    }
    List<ChunkRef> refs = readRefs(from, level, PAGE_REFS_MAX);
    from.end();
    return from.one(
        _ -> {
          Content.checkSpans(level, refs, span);
          return refs;
        });
  }

  private static void writeRefs(Writer to, int level, List<ChunkRef> refs) {
    Map<Bytes, Integer> puts = new LinkedHashMap<>();
    for (ChunkRef ref : refs) {
      puts.putIfAbsent(ref.group().putId(), puts.size());
    }
    to.u16(puts.size());
    puts.keySet().forEach(to::fixed);
    to.u16(refs.size());
    for (ChunkRef ref : refs) {
      ChunkKey key = ref.key();
      to.fixed(ref.id().hash())
          .fixed(key.key())
          .u8(key.codec().number())
          .u32(key.plainBytes())
          .u32(key.payloadBytes())
          .u16(puts.getOrDefault(ref.group().putId(), 0))
          .u32(ref.group().number());
      if (level > 0) {
        to.u63(ref.span());
      }
    }
  }

  private static List<ChunkRef> readRefs(Reader from, int level, int countMax)
      throws DecodeException {
    List<Bytes> puts = from.list16(countMax, r -> r.fixed(GroupId.PUT_ID_BYTES));
    int count = bounded("count", from.u16(), countMax);
    List<ChunkRef> refs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      refs.add(from.one(r -> readRef(r, level, puts)));
    }
    return refs;
  }

  private static ChunkRef readRef(Reader from, int level, List<Bytes> puts) throws DecodeException {
    ChunkId id = new ChunkId(from.hash());
    var key = from.hash();
    int codecNumber = from.u8();
    Codec codec =
        Codec.of(codecNumber)
            .orElseThrow(() -> new DecodeException("codec " + codecNumber + " is unknown"));
    ChunkKey chunkKey = new ChunkKey(codec, from.u32(), from.u32(), key);
    int put = bounded("put", from.u16(), puts.size() - 1);
    GroupName group = new GroupName(puts.get(put), from.u32());
    long span = level > 0 ? from.u63() : chunkKey.plainBytes();
    return new ChunkRef(id, chunkKey, group, span);
  }

  private static int bounded(String what, int value, int max) throws DecodeException {
    if (value > max) {
      throw new DecodeException(what + " " + value + " above " + max);
    }
    return value;
  }
}
