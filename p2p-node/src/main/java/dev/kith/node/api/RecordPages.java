package dev.kith.node.api;

import dev.kith.ledger.Ledger;
import dev.kith.ledger.RecordEntry;
import dev.kith.ledger.RecordFilter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The ledger's records page by page: 20,000 with 32 results each are 150 MB at once. A page ends in
 * the middle of a block, perhaps; the next one begins with that block again.
 */
final class RecordPages implements Iterator<RecordEntry> {
  /** More than the records of a block, so that each page brings some that are new. */
  private static final int PAGE_RECORDS = 4_500;

  private final Ledger ledger;
  private final RecordFilter filter;
  private final Deque<RecordEntry> page = new ArrayDeque<>();
  private long height;
  private int position = -1;
  private int left;
  private boolean last;

  RecordPages(Ledger ledger, long fromHeight, RecordFilter filter, int limit) throws IOException {
    this.ledger = ledger;
    this.filter = filter;
    this.height = fromHeight;
    this.left = limit;
    read(); // What cannot be read is told before the answer has begun.
  }

  Stream<RecordEntry> stream() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED), false);
  }

  private void read() throws IOException {
    int wanted = position < 0 ? Math.min(left, PAGE_RECORDS) : PAGE_RECORDS;
    List<RecordEntry> read = ledger.records(height, filter, wanted);
    last = read.size() < wanted;
    for (RecordEntry entry : read) {
      if (entry.height() > height || entry.position() > position) {
        page.add(entry);
      }
    }
    if (!page.isEmpty()) {
      height = page.getLast().height();
      position = page.getLast().position();
    }
  }

  @Override
  public boolean hasNext() {
    if (left > 0 && page.isEmpty() && !last) {
      try {
        read();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    return left > 0 && !page.isEmpty();
  }

  @Override
  public RecordEntry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    left--;
    return page.remove();
  }
}
