package dev.kith.node.files.content;

import java.util.List;

/**
 * The bytes of a file or of a folder object: a tree whose leaves are chunks of data, and whose
 * inner nodes are pages, which are chunks too. A small file has its chunks here; of a larger one
 * there are at most {@link #REFS_MAX} references to pages.
 *
 * @param size in bytes
 * @param level 0 when {@code refs} are chunks of data, else the height of the pages
 * @param refs in order; none for an empty file
 */
public record Content(long size, int level, List<ChunkRef> refs) {
  /** References that a content carries itself. */
  public static final int REFS_MAX = 4;

  /** With pages of 1,024 references to chunks of 1 MiB, five levels hold more than any disk. */
  public static final int LEVEL_MAX = 5;

  public static final Content EMPTY = new Content(0, 0, List.of());

  public Content {
    refs = List.copyOf(refs);
    if (level < 0 || level > LEVEL_MAX) {
      throw new IllegalArgumentException("level: " + level);
    }
    if (refs.size() > REFS_MAX) {
      throw new IllegalArgumentException("refs: " + refs.size());
    }
    checkSpans(level, refs, size);
  }

  static void checkSpans(int level, List<ChunkRef> refs, long size) {
    long sum = 0;
    for (ChunkRef ref : refs) {
      if (level == 0 && ref.span() != ref.key().plainBytes()) {
        throw new IllegalArgumentException("span: " + ref.span() + " of a chunk of data");
      }
      sum = Math.addExact(sum, ref.span());
    }
    if (sum != size) {
      throw new IllegalArgumentException("size: " + size + ", the chunks have " + sum);
    }
  }
}
