package dev.kith.libp2p.yamux;

import dev.kith.libp2p.host.StreamResetException;
import dev.kith.libp2p.transport.MuxedStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a muxer. It blocks: one thread reads while another writes, both virtual. Received
 * bytes lie here until they are read, and only reading them lets the remote send more.
 */
public final class YamuxStream implements MuxedStream {
  /** Small runs of bytes share an array of this size: each has a price beyond its bytes. */
  private static final int SHARED_CHUNK_BYTES = 4 << 10;

  /** What a stream may hold when the host's receive memory is used up. */
  private static final int SPARED_BYTES = 64 << 10;

  private final YamuxMuxer muxer;
  private final ReentrantLock lock;
  private final Condition changed;
  private final long id;

  // Guarded by the muxer's lock.
  private final ArrayDeque<Chunk> queue = new ArrayDeque<>();
  private long held;
  private boolean remoteClosed;
  private boolean readClosed;
  private boolean writeClosed;
  private volatile @Nullable String resetReason;

  // The reader's own.
  private @Nullable Chunk current;
  private int consumed;

  private volatile long timeoutNanos;

  YamuxStream(YamuxMuxer muxer, ReentrantLock lock, long id) {
    this.muxer = muxer;
    this.lock = lock;
    this.changed = lock.newCondition();
    this.id = id;
  }

  /** The id within the session. */
  public long id() {
    return id;
  }

  @Override
  public void timeout(long nanos) {
    timeoutNanos = nanos;
  }

  @Override
  public InputStream input() {
    return new Input();
  }

  @Override
  public OutputStream output() {
    return new Output();
  }

  /** Sends FIN, after what was written. */
  @Override
  public void closeWrite() throws IOException {
    lock.lock();
    try {
      checkNotReset();
      writeClosed = true;
    } finally {
      lock.unlock();
    }
    muxer.closeWrite(id);
  }

  /** Sends FIN and reads no more. A stream that has ended already is left alone. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      readClosed = true;
      dropQueue();
      changed.signalAll();
      if (resetReason != null) {
        return;
      }
      writeClosed = true;
    } finally {
      lock.unlock();
    }
    muxer.close(id);
  }

  @Override
  public void reset() {
    muxer.reset(id, "the stream was reset");
  }

  // ---- the muxer's side, under its lock ----

  /** Takes received bytes; false where the host is short of memory and this stream holds much. */
  boolean deliver(byte[] bytes, int offset, int length, ReceiveMemory memory) {
    if (readClosed) {
      return true;
    }
    held += length;
    if (!memory.store(length) && held > SPARED_BYTES) {
      return false;
    }
    if (2L * length >= bytes.length) {
      queue.add(Chunk.view(bytes, offset, length));
    } else {
      Chunk last = queue.peekLast();
      if (last == null || !last.append(bytes, offset, length)) {
        queue.add(Chunk.copy(bytes, offset, length, last == null ? length : SHARED_CHUNK_BYTES));
      }
    }
    changed.signalAll();
    return true;
  }

  void remoteClosed() {
    remoteClosed = true;
    changed.signalAll();
  }

  void windowOpened() {
    changed.signalAll();
  }

  void ended(String reason) {
    if (resetReason == null) {
      resetReason = reason;
    }
    dropQueue();
    changed.signalAll();
  }

  private void dropQueue() {
    muxer.memory().free(held);
    held = 0;
    queue.clear();
  }

  // ---- reading ----

  private int read(byte[] bytes, int offset, int length) throws IOException {
    checkNotReset();
    Chunk chunk = current;
    if (chunk == null) {
      chunk = awaitChunk();
      if (chunk == null) {
        return -1;
      }
    }
    int size = chunk.take(bytes, offset, length);
    consumed += size;
    if (chunk.size() == 0) {
      nextChunk();
    } else {
      current = chunk;
    }
    return size;
  }

  /** Reports what was read, and takes the next chunk if it is there already. */
  private void nextChunk() throws IOException {
    int size = consumed;
    consumed = 0;
    lock.lock();
    try {
      long freed = Math.min(size, held);
      held -= freed;
      muxer.memory().free(freed);
      current = queue.poll();
    } finally {
      lock.unlock();
    }
    muxer.consumed(id, size);
  }

  private @Nullable Chunk awaitChunk() throws IOException {
    lock.lock();
    try {
      long timeout = timeoutNanos;
      long left = timeout;
      while (true) {
        checkNotReset();
        if (readClosed) {
          throw new IOException("the stream is closed");
        }
        Chunk chunk = queue.poll();
        if (chunk != null || remoteClosed) {
          return chunk;
        }
        left = await(timeout, left);
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- writing ----

  private void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      FrameHeader header = reserve(Math.min(length - done, YamuxMuxer.PAYLOAD_MAX));
      int size = (int) header.length();
      muxer.send(header, bytes, offset + done, size);
      done += size;
    }
  }

  private FrameHeader reserve(int wanted) throws IOException {
    long timeout = timeoutNanos;
    try {
      muxer.awaitRoom(timeout);
    } catch (InterruptedException e) {
      throw interrupted();
    }
    lock.lock();
    try {
      long left = timeout;
      while (true) {
        checkNotReset();
        if (writeClosed) {
          throw new IOException("the stream is closed for writing");
        }
        FrameHeader header = muxer.reserve(id, wanted);
        if (header != null) {
          return header;
        }
        left = await(timeout, left);
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- waiting ----

  /**
   * Waits for any change; the caller loops. Returns what is left of the time.
   *
   * @param timeout as it was when the caller began: others may change it meanwhile
   */
  @SuppressWarnings("WaitNotInLoop") // both callers loop over what they wait for
  private long await(long timeout, long left) throws IOException {
    try {
      if (timeout == 0) {
        changed.await();
        return left;
      }
      if (left <= 0) {
        throw new SocketTimeoutException(
            "nothing moved for " + TimeUnit.NANOSECONDS.toMillis(timeout) + " ms");
      }
      return changed.awaitNanos(left);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private InterruptedIOException interrupted() {
    reset();
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted");
  }

  private void checkNotReset() throws StreamResetException {
    String reason = resetReason;
    if (reason != null) {
      throw new StreamResetException(reason);
    }
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      return length == 0 ? 0 : YamuxStream.this.read(bytes, offset, length);
    }

    @Override
    public int available() {
      Chunk chunk = current;
      return chunk == null ? 0 : chunk.size();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      YamuxStream.this.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      closeWrite();
    }
  }
}
