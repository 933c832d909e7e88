package dev.kith.libp2p.quic;

import dev.kith.libp2p.host.StreamResetException;
import dev.kith.libp2p.resource.MemoryAccount;
import dev.kith.libp2p.transport.LoopLock;
import dev.kith.libp2p.transport.MuxedStream;
import dev.kith.libp2p.transport.SendMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The blocking side of a QUIC stream: what its reader and its writer wait for. The event loop's
 * side is {@link StreamPipe}, which brings received buffers here. Only what a reader has taken lets
 * the remote send more, as the pipe stops reading while much lies here.
 */
final class QuicStream implements MuxedStream {
  private static final int CHUNK_BYTES = 64 << 10;

  private final QuicLimits limits;
  private final MemoryAccount received;
  private final SendMemory sending;
  private final StreamPipe pipe;

  /**
   * Event loops wait for it, and threads that they carry hold it: no other lock is taken under it,
   * not even an allocator's.
   */
  private final ReentrantLock lock = new LoopLock();

  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
  private long held;
  private boolean paused;
  private boolean remoteClosed;
  private boolean readClosed;
  private boolean writeClosed;
  private boolean stopped;
  private @Nullable String resetReason;
  private long unsent;

  private volatile long timeoutNanos;

  QuicStream(
      QuicLimits limits, MemoryAccount received, SendMemory sending, StreamPipe.Owner owner) {
    this.limits = limits;
    this.received = received;
    this.sending = sending;
    this.pipe = new StreamPipe(limits, owner, this);
  }

  StreamPipe pipe() {
    return pipe;
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

  @Override
  public void closeWrite() throws IOException {
    lock.lock();
    try {
      checkNotReset();
      if (writeClosed) {
        return;
      }
      writeClosed = true;
    } finally {
      lock.unlock();
    }
    pipe.finish();
  }

  @Override
  public void close() throws IOException {
    boolean over;
    boolean finish;
    List<ByteBuf> unread;
    lock.lock();
    try {
      readClosed = true;
      unread = takeQueue();
      changed.signalAll();
      over = resetReason != null;
      finish = !writeClosed;
      writeClosed = true;
    } finally {
      lock.unlock();
    }
    release(unread);
    if (over) {
      return;
    }
    if (finish) {
      pipe.finish();
    }
    pipe.readNoMore();
  }

  @Override
  public void reset() {
    if (ended("the stream was reset")) {
      pipe.reset();
    }
  }

  // ---- the pipe's side, on the event loop ----

  /**
   * Takes a received buffer, which is the stream's from now on.
   *
   * @return whether more may be read before the reader has come
   */
  boolean deliver(ByteBuf bytes) {
    boolean dropped;
    lock.lock();
    try {
      dropped = readClosed || resetReason != null;
      if (!dropped) {
        return store(bytes);
      }
    } finally {
      lock.unlock();
    }
    bytes.release();
    return true;
  }

  /** Under the lock. */
  private boolean store(ByteBuf bytes) {
    // What a buffer holds may be a small part of what it takes.
    held += bytes.capacity();
    var _ = received.add(bytes.capacity());
    queue.add(bytes);
    changed.signalAll();
    paused = held > readAheadMax();
    return !paused;
  }

  /** The remote has said all that it had to say. */
  void remoteClosed() {
    lock.lock();
    try {
      remoteClosed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The remote reads no more; it may go on writing. */
  void stopped() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes have left, or never will. */
  void sent(int bytes) {
    sending.add(-bytes);
    lock.lock();
    try {
      unsent -= bytes;
      // Waking the writer for each chunk would cost a switch each.
      if (unsent <= limits.unsentBytesMax() / 2) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends both directions; false where that was done before. */
  boolean ended(String reason) {
    List<ByteBuf> unread;
    lock.lock();
    try {
      if (resetReason != null) {
        return false;
      }
      resetReason = reason;
      unread = takeQueue();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    release(unread);
    return true;
  }

  /** As {@link #ended}, where a direction was not at its end yet: its connection is gone. */
  void lost() {
    boolean complete;
    lock.lock();
    try {
      complete = remoteClosed && writeClosed;
    } finally {
      lock.unlock();
    }
    if (!complete) {
      var _ = ended("the connection was closed");
    }
  }

  /** A host that holds much already takes little ahead. */
  private long readAheadMax() {
    return received.withinBounds() ? limits.readAheadBytes() : limits.readAheadBytes() / 8;
  }

  /** Under the lock; the caller releases them without it. */
  private List<ByteBuf> takeQueue() {
    List<ByteBuf> unread = List.copyOf(queue);
    queue.clear();
    unread.forEach(this::forget);
    return unread;
  }

  /** Under the lock. */
  private void forget(ByteBuf bytes) {
    held -= bytes.capacity();
    received.release(bytes.capacity());
  }

  private static void release(List<ByteBuf> buffers) {
    buffers.forEach(ByteBuf::release);
  }

  // ---- reading ----

  private int read(byte[] bytes, int offset, int length) throws IOException {
    ByteBuf head = await();
    int done = 0;
    while (head != null) {
      int part = Math.min(length - done, head.readableBytes());
      head.readBytes(bytes, offset + done, part);
      done += part;
      head = next(head, done < length);
    }
    return done == 0 ? -1 : done;
  }

  /** The first buffer, which is the reader's until it is given back; null at the end. */
  private @Nullable ByteBuf await() throws IOException {
    lock.lock();
    try {
      long timeout = timeoutNanos;
      long left = timeout;
      while (true) {
        checkNotReset();
        if (readClosed) {
          throw new IOException("the stream is closed");
        }
        ByteBuf head = queue.poll();
        if (head != null || remoteClosed) {
          return head;
        }
        left = await(timeout, left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives a buffer back, and takes the next one if it is wanted and there. */
  private @Nullable ByteBuf next(ByteBuf used, boolean wanted) {
    boolean done;
    boolean resume;
    ByteBuf next = null;
    lock.lock();
    try {
      done = !used.isReadable() || readClosed || resetReason != null;
      if (done) {
        forget(used);
      } else {
        queue.addFirst(used);
      }
      if (wanted) {
        next = queue.poll();
      }
      resume = paused && held <= readAheadMax() / 2;
      if (resume) {
        paused = false;
      }
    } finally {
      lock.unlock();
    }
    if (done) {
      used.release();
    }
    if (resume) {
      pipe.resume();
    }
    return next;
  }

  // ---- writing ----

  private void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int size = Math.min(length - done, CHUNK_BYTES);
      reserve(size);
      ByteBuf chunk = ByteBufAllocator.DEFAULT.directBuffer(size);
      pipe.send(chunk.writeBytes(bytes, offset + done, size));
      done += size;
    }
  }

  /**
   * Waits for room. A stream without unsent bytes always has some, so that those whose remotes do
   * not read cannot take all of it.
   */
  private void reserve(int size) throws IOException {
    lock.lock();
    try {
      long timeout = timeoutNanos;
      long left = timeout;
      while (true) {
        checkNotReset();
        if (writeClosed) {
          throw new IOException("the stream is closed for writing");
        }
        if (stopped) {
          throw new StreamResetException("the peer reads no more");
        }
        if (unsent == 0 || unsent + size <= sending.connectionMax()) {
          break;
        }
        left = await(timeout, left);
      }
      unsent += size;
    } finally {
      lock.unlock();
    }
    sending.add(size);
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
      reset();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
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
      return length == 0 ? 0 : QuicStream.this.read(bytes, offset, length);
    }

    @Override
    public int available() {
      lock.lock();
      try {
        ByteBuf head = queue.peek();
        return head == null ? 0 : head.readableBytes();
      } finally {
        lock.unlock();
      }
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
      QuicStream.this.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      closeWrite();
    }
  }
}
