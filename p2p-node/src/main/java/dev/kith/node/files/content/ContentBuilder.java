package dev.kith.node.files.content;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a {@link Content} from chunks as they come, with pages where they are many. It holds one
 * unfinished page a level. One thread uses it.
 */
public final class ContentBuilder {
  private final ChunkSink pages;
  private final int pageRefs;
  private final List<List<ChunkRef>> levels = new ArrayList<>();
  private long size;

  /**
   * @param pages stores finished pages
   */
  public ContentBuilder(ChunkSink pages) {
    this(pages, ContentCodec.PAGE_REFS_MAX);
  }

  ContentBuilder(ChunkSink pages, int pageRefs) {
    this.pages = pages;
    this.pageRefs = pageRefs;
    levels.add(new ArrayList<>());
  }

  /** Adds the next chunk of data. */
  public void add(ChunkRef ref) throws IOException, InterruptedException {
    size += ref.span();
    add(0, ref);
  }

  /** The whole content; nothing can be added any more. */
  public Content build() throws IOException, InterruptedException {
    int level = 0;
    while (level < levels.size() - 1 || levels.get(level).size() > Content.REFS_MAX) {
      if (!levels.get(level).isEmpty()) {
        closePage(level);
      }
      level++;
    }
    return new Content(size, level, levels.get(level));
  }

  private void add(int level, ChunkRef ref) throws IOException, InterruptedException {
    if (levels.size() == level) {
      levels.add(new ArrayList<>());
    }
    levels.get(level).add(ref);
    if (levels.get(level).size() == pageRefs) {
      closePage(level);
    }
  }

  private void closePage(int level) throws IOException, InterruptedException {
    List<ChunkRef> refs = levels.get(level);
    byte[] page = ContentCodec.page(level, refs);
    long span = refs.stream().mapToLong(ChunkRef::span).sum();
    refs.clear();
    add(level + 1, pages.put(page, page.length).withSpan(span));
  }
}
