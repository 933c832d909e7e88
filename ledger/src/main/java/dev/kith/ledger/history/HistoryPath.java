package dev.kith.ledger.history;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Merkle;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The way from an earlier header to the history root of a later one.
 *
 * @param siblings lowest first
 */
public record HistoryPath(List<Bytes32> siblings) {
  private static final int SIBLINGS_MAX = 63;

  public HistoryPath {
    siblings = List.copyOf(siblings);
    if (siblings.size() > SIBLINGS_MAX) {
      throw new IllegalArgumentException("siblings: " + siblings.size());
    }
  }

  /**
   * Proves the header of a height in the history of the first {@code size} headers.
   *
   * @param height 1 to {@code size}
   */
  public static HistoryPath of(long height, long size, HistorySource source) throws IOException {
    if (height < 1 || height > size) {
      throw new IllegalArgumentException("height: " + height + " in a history of " + size);
    }
    List<Bytes32> siblings = new ArrayList<>();
    long index = height - 1;
    int level = 0;
    for (long width = size; width > 1; width = (width + 1) >> 1, index >>= 1, level++) {
      if ((index ^ 1) < width) {
        siblings.add(top(level, index ^ 1, size, source));
      }
    }
    return new HistoryPath(siblings);
  }

  /** The top of a tree, which is a full one or the last and not full one of its level. */
  private static Bytes32 top(int level, long index, long size, HistorySource source)
      throws IOException {
    long first = index << level;
    if (first + (1L << level) <= size) {
      return source.get(level, index);
    }
    // The last one consists of full trees, one for each bit of what is left.
    long left = size - first;
    Bytes32 top = null;
    for (int bit = 0; bit < level; bit++) {
      if (((left >> bit) & 1) == 1) {
        Bytes32 full = source.get(bit, ((first + left) >> bit) - 1);
        top = top == null ? full : Merkle.node(full, top);
        left -= 1L << bit;
      }
    }
    if (top == null) {
      throw new IllegalStateException("no tree at " + index + " of level " + level);
    }
    return top;
  }

  /**
   * Whether it leads from the header of a height to a history root.
   *
   * @param later height of the header that carries the root: its history ends with its parent
   */
  public boolean leads(Bytes32 digest, long height, long later, Bytes32 historyRoot) {
    return Merkle.leads(digest, height - 1, later - 1, siblings, historyRoot);
  }

  /** siblings u8 ‖ 32 bytes each. */
  public void write(Writer to) {
    to.u8(siblings.size());
    siblings.forEach(to::fixed);
  }

  public static HistoryPath read(Reader from) throws DecodeException {
    return new HistoryPath(from.list8(SIBLINGS_MAX, Reader::hash));
  }
}
