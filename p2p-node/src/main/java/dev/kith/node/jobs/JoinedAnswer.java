package dev.kith.node.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * Reads answers in the order of their parts. It has a file handle of its own, and not a channel's:
 * an interrupt of its reader must not close what others use.
 */
final class JoinedAnswer extends InputStream {
  private final AnswerBook book;
  private final RandomAccessFile file;
  private final int last;
  private int next;
  private long left;

  /**
   * @param first the first part
   * @param last the part after the last one
   */
  JoinedAnswer(AnswerBook book, Path file, int first, int last) throws IOException {
    this.book = book;
    this.file = new RandomAccessFile(file.toFile(), "r");
    this.next = first;
    this.last = last;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int total = 0;
    // Fills the target across parts: many answers are short.
    while (total < length && advance()) {
      int count = (int) Math.min(left, length - total);
      file.readFully(target, offset + total, count);
      left -= count;
      total += count;
    }
    return total == 0 && length > 0 ? -1 : total;
  }

  private boolean advance() throws IOException {
    while (left == 0) {
      if (next == last) {
        return false;
      }
      int part = next++;
      AnswerBook.Entry entry =
          book.entry(part)
              .orElseThrow(() -> new IllegalStateException("part " + part + " has no answer"));
      file.seek(entry.offset());
      left = entry.bytes();
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
