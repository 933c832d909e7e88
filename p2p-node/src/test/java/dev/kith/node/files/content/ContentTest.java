package dev.kith.node.files.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.ChunkKey;
import dev.kith.dht.chunk.Codec;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {
  private final SplittableRandom random = new SplittableRandom(5);
  private final Map<ChunkId, Bytes> pages = new HashMap<>();

  private ChunkRef store(byte[] plain, int length) {
    byte[] hash = new byte[32];
    random.nextBytes(hash);
    ChunkId id = new ChunkId(Bytes32.wrap(hash));
    pages.put(id, Bytes.wrap(Arrays.copyOf(plain, length)));
    return new ChunkRef(
        id,
        new ChunkKey(Codec.RAW, length, length, Bytes32.ZERO),
        new GroupName(TestRefs.putId(1), 0),
        length);
  }

  private Bytes load(ChunkRef ref) {
    return Optional.ofNullable(pages.get(ref.id())).orElseThrow();
  }

  private List<ContentCursor.Piece> pieces(Content content, long from, long end)
      throws IOException, InterruptedException {
    ContentCursor cursor = new ContentCursor(content, this::load, from, end);
    List<ContentCursor.Piece> pieces = new ArrayList<>();
    for (Optional<ContentCursor.Piece> piece = cursor.next();
        piece.isPresent();
        piece = cursor.next()) {
      pieces.add(piece.get());
    }
    return pieces;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 5, 7, 8, 9, 49, 50, 343, 400})
  void build_makesATreeThatTheCursorWalks(int count) throws Exception {
    List<ChunkRef> refs = new ArrayList<>();
    ContentBuilder builder = new ContentBuilder(this::store, 7);
    for (int i = 0; i < count; i++) {
      refs.add(TestRefs.ref(random));
      builder.add(refs.getLast());
    }
    Content content = builder.build();
    assertThat(content.size()).isEqualTo(refs.stream().mapToLong(ChunkRef::span).sum());
    assertThat(pieces(content, 0, content.size()))
        .extracting(ContentCursor.Piece::ref)
        .isEqualTo(refs);
    Writer to = new Writer();
    ContentCodec.write(to, content);
    assertThat(Reader.whole(to.toBytes(), ContentCodec::read)).isEqualTo(content);
  }

  @Test
  void next_givesTheChunksOfARangeAndNoOthers() throws Exception {
    ContentBuilder builder = new ContentBuilder(this::store, 7);
    List<ContentCursor.Piece> all = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < 100; i++) {
      ChunkRef ref = TestRefs.ref(random);
      builder.add(ref);
      all.add(new ContentCursor.Piece(ref, at));
      at += ref.span();
    }
    Content content = builder.build();
    for (int i = 0; i < 50; i++) {
      long from = random.nextLong(content.size());
      long end = random.nextLong(from + 1, content.size() + 1);
      assertThat(pieces(content, from, end))
          .isEqualTo(all.stream().filter(p -> p.end() > from && p.start() < end).toList());
    }
    assertThat(pieces(content, 5, 5)).isEmpty();
  }

  @Test
  void next_refusesPagesThatAreNotWhatTheirParentSays() throws Exception {
    ContentBuilder builder = new ContentBuilder(this::store, 7);
    for (int i = 0; i < 20; i++) {
      builder.add(TestRefs.ref(random));
    }
    Content content = builder.build();
    ChunkId first = content.refs().getFirst().id();
    Bytes page = load(content.refs().getFirst());
    for (Bytes bad :
        List.of(
            Bytes.concatenate(Bytes.of(2), page.slice(1)), // another version
            Bytes.concatenate(Bytes.of(1, 1), page.slice(2)), // another level
            page.slice(0, page.size() - 1),
            Bytes.concatenate(page, Bytes.of(0)),
            Bytes.wrap(ContentCodec.page(0, List.of(TestRefs.ref(random)))))) { // another span
      pages.put(first, bad);
      assertThatThrownBy(() -> pieces(content, 0, content.size()))
          .isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void decode_takesOrRefusesAnyBytesAndDoesNothingElse() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom noise = new SplittableRandom(seed);
    Writer to = new Writer();
    ContentCodec.write(to, new Content(2, 0, List.of(refOf(1), refOf(1))));
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = to.toArray();
      bytes[noise.nextInt(bytes.length)] = (byte) noise.nextInt(256);
      byte[] cut = Arrays.copyOf(bytes, noise.nextInt(bytes.length + 1));
      try {
        Reader.whole(Bytes.wrap(cut), ContentCodec::read);
      } catch (DecodeException e) {
        assertThat(e).hasMessageNotContaining("null");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static ChunkRef refOf(int length) {
    return new ChunkRef(
        new ChunkId(Bytes32.ZERO),
        new ChunkKey(Codec.RAW, length, length, Bytes32.ZERO),
        new GroupName(TestRefs.putId(1), 0),
        length);
  }

  @Test
  void groupRanges_joinNeighbours() throws Exception {
    List<GroupName> names =
        List.of(
            new GroupName(TestRefs.putId(2), 7),
            new GroupName(TestRefs.putId(1), 1),
            new GroupName(TestRefs.putId(1), 0),
            new GroupName(TestRefs.putId(1), 2),
            new GroupName(TestRefs.putId(1), 4),
            new GroupName(TestRefs.putId(1), 4));
    GroupRanges ranges = GroupRanges.of(names);
    assertThat(ranges.ranges())
        .containsExactly(
            new GroupRanges.Range(TestRefs.putId(1), 0, 3),
            new GroupRanges.Range(TestRefs.putId(1), 4, 1),
            new GroupRanges.Range(TestRefs.putId(2), 7, 1));
    List<GroupName> back = new ArrayList<>();
    ranges.forEach(back::add);
    assertThat(back).containsExactlyInAnyOrderElementsOf(java.util.Set.copyOf(names));
    Writer to = new Writer();
    ranges.write(to);
    assertThat(Reader.whole(to.toBytes(), GroupRanges::read)).isEqualTo(ranges);
  }
}
