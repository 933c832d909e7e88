package dev.kith.libp2p.memory;

import dev.kith.libp2p.host.StreamResetException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a stream: a bounded buffer of bytes between a writer and a reader, who block.
 * Thread-safe.
 */
final class Pipe {
  /** As large as the first window of a yamux stream. */
  static final int CAPACITY = 256 << 10;

  private static final int CAPACITY_FIRST = 4 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** A ring that grows up to {@link #CAPACITY}: many streams carry a few bytes only. */
  private byte[] ring = new byte[CAPACITY_FIRST];

  private int head;
  private int size;
  private boolean writeClosed;
  private boolean readClosed;
  private @Nullable String reset;

  /** Blocks until all is in the buffer, or dropped as the reader does not care any more. */
  void write(byte[] bytes, int offset, int length, long timeoutNanos) throws IOException {
    int done = 0;
    lock.lock();
    try {
      long left = timeoutNanos;
      while (done < length) {
        checkReset();
        if (writeClosed) {
          throw new IOException("the stream is closed for writing");
        }
        if (readClosed) {
          return;
        }
        int part = Math.min(length - done, CAPACITY - size);
        if (part > 0) {
          put(bytes, offset + done, part);
          done += part;
          changed.signalAll();
        } else {
          left = await(timeoutNanos, left);
        }
      }
      checkReset();
    } finally {
      lock.unlock();
    }
  }

  /** At least one byte, or -1 at the end. */
  int read(byte[] bytes, int offset, int length, long timeoutNanos) throws IOException {
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      long left = timeoutNanos;
      while (true) {
        checkReset();
        if (readClosed) {
          throw new IOException("the stream is closed");
        }
        if (size > 0) {
          int part = Math.min(length, size);
          take(bytes, offset, part);
          changed.signalAll();
          return part;
        }
        if (writeClosed) {
          return -1;
        }
        left = await(timeoutNanos, left);
      }
    } finally {
      lock.unlock();
    }
  }

  void closeWrite() throws IOException {
    lock.lock();
    try {
      checkReset();
      writeClosed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void closeRead() {
    lock.lock();
    try {
      readClosed = true;
      size = 0;
      ring = new byte[0];
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void reset(String reason) {
    lock.lock();
    try {
      if (reset == null) {
        reset = reason;
        size = 0;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the writer is done. */
  boolean writeClosed() {
    lock.lock();
    try {
      return writeClosed;
    } finally {
      lock.unlock();
    }
  }

  int available() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  private void checkReset() throws StreamResetException {
    if (reset != null) {
      throw new StreamResetException(reset);
    }
  }

  @SuppressWarnings("WaitNotInLoop") // both callers loop over what they wait for
  private long await(long timeoutNanos, long left) throws IOException {
    try {
      if (timeoutNanos == 0) {
        changed.await();
        return left;
      }
      if (left <= 0) {
        throw new SocketTimeoutException(
            "nothing moved for " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms");
      }
      return changed.awaitNanos(left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private void put(byte[] bytes, int offset, int length) {
    if (size + length > ring.length) {
      grow(size + length);
    }
    int tail = (head + size) % ring.length;
    int first = Math.min(length, ring.length - tail);
    System.arraycopy(bytes, offset, ring, tail, first);
    System.arraycopy(bytes, offset + first, ring, 0, length - first);
    size += length;
  }

  private void take(byte[] bytes, int offset, int length) {
    int first = Math.min(length, ring.length - head);
    System.arraycopy(ring, head, bytes, offset, first);
    System.arraycopy(ring, 0, bytes, offset + first, length - first);
    head = (head + length) % ring.length;
    size -= length;
  }

  private void grow(int wanted) {
    byte[] larger = Arrays.copyOfRange(ring, head, head + Math.max(wanted, 2 * ring.length));
    int first = Math.min(size, ring.length - head);
    System.arraycopy(ring, 0, larger, first, size - first);
    ring = larger;
    head = 0;
  }
}
