package dev.kith.node.files.content;

import dev.kith.ledger.codec.DecodeException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Walks the chunks of data that a range of a content touches, in order. Pages are loaded when the
 * walk comes to them; one a level is held. One thread uses it.
 */
public final class ContentCursor {
  private final ChunkLoader loader;
  private final long end;
  private final ArrayDeque<Level> stack = new ArrayDeque<>();
  private final long from;

  /** The references of one page that are still to come. */
  private static final class Level {
    private final int level;
    private final Iterator<ChunkRef> refs;
    private long at;

    Level(int level, List<ChunkRef> refs, long at) {
      this.level = level;
      this.refs = refs.iterator();
      this.at = at;
    }
  }

  /**
   * A chunk of data.
   *
   * @param start where its first byte is in the content
   */
  public record Piece(ChunkRef ref, long start) {
    public long end() {
      return start + ref.span();
    }
  }

  /** For the bytes [from, end) of a content. */
  public ContentCursor(Content content, ChunkLoader loader, long from, long end) {
    if (from < 0 || end < from || end > content.size()) {
      throw new IllegalArgumentException("range: " + from + " to " + end);
    }
    this.loader = loader;
    this.from = from;
    this.end = end;
    if (from < end) {
      stack.push(new Level(content.level(), content.refs(), 0));
    }
  }

  /**
   * The next chunk, or empty at the end.
   *
   * @throws DecodeException when a page is not one
   */
  public Optional<Piece> next() throws IOException, InterruptedException {
    while (!stack.isEmpty()) {
      Level top = stack.element();
      if (!top.refs.hasNext() || top.at >= end) {
        stack.pop();
        continue;
      }
      ChunkRef ref = top.refs.next();
      long start = top.at;
      top.at += ref.span();
      if (top.at <= from) {
        continue;
      }
      if (top.level == 0) {
        return Optional.of(new Piece(ref, start));
      }
      int below = top.level - 1;
      stack.push(
          new Level(below, ContentCodec.readPage(loader.load(ref), below, ref.span()), start));
    }
    return Optional.empty();
  }
}
