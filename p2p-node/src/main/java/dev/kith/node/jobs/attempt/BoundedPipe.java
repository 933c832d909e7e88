package dev.kith.node.jobs.attempt;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.tuweni.bytes.Bytes;

/**
 * Carries stdin from the thread that reads the network to the one that feeds the program. A {@code
 * PipedInputStream} would tie it to the life of its threads.
 */
final class BoundedPipe extends InputStream {
  /** Bytes that wait in it; one message more may be let in. */
  static final int BYTES_MAX = 256 << 10;

  private final Deque<Bytes> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private int headRead;
  private boolean ended;
  private boolean closed;

  /** Blocks while the pipe is full; what comes after the reader closed is dropped. */
  synchronized void put(Bytes bytes) throws InterruptedException {
    while (waitingBytes >= BYTES_MAX && !closed) {
      wait();
    }
    if (!closed && !bytes.isEmpty()) {
      waiting.add(bytes);
      waitingBytes += bytes.size();
      notifyAll();
    }
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (waiting.isEmpty() && !ended && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("stdin").initCause(e);
      }
    }
    Bytes head = waiting.peek();
    if (head == null) {
      return -1;
    }
    int count = Math.min(length, head.size() - headRead);
    System.arraycopy(head.toArrayUnsafe(), headRead, target, offset, count);
    headRead += count;
    waitingBytes -= count;
    if (headRead == head.size()) {
      waiting.remove();
      headRead = 0;
    }
    notifyAll();
    return count;
  }

  @Override
  public synchronized void close() {
    closed = true;
    waiting.clear();
    waitingBytes = 0;
    notifyAll();
  }
}
