package dev.kith.ledger.replica;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Stream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One validator's stream to another: two queues, of which bulk waits for votes. A virtual thread
 * writes, the caller of {@link #run} reads.
 */
final class Link {
  private static final int QUEUE_BYTES_MAX = 4 << 20;
  private static final int WRITE_BYTES = 64 * 1024;

  private final Stream stream;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ready = lock.newCondition();
  private final Deque<byte[]> urgent = new ArrayDeque<>();
  private final Deque<byte[]> bulk = new ArrayDeque<>();
  private int urgentBytes;
  private int bulkBytes;
  private boolean closed;

  Link(Stream stream) {
    this.stream = stream;
  }

  /** Queues a message; a full bulk queue drops it, a full urgent one drops the link. */
  void send(byte[] frame, boolean isBulk) {
    boolean tooSlow = false;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (isBulk) {
        if (bulkBytes + frame.length <= QUEUE_BYTES_MAX) {
          bulk.add(frame);
          bulkBytes += frame.length;
        }
      } else {
        urgent.add(frame);
        urgentBytes += frame.length;
        tooSlow = urgentBytes > QUEUE_BYTES_MAX;
      }
      ready.signal();
    } finally {
      lock.unlock();
    }
    if (tooSlow) {
      close();
    }
  }

  /** Serves the stream until it breaks. */
  void run(Receiver receiver) throws IOException, InterruptedException {
    Thread writer = Thread.ofVirtual().name("ledger-link").start(this::write);
    try {
      while (true) {
        MeshMessage message;
        try {
          message = MeshMessage.decode(Frames.read(stream.input(), MeshMessage.BYTES_MAX));
        } catch (DecodeException e) {
          throw new ProtocolViolationException("ledger message: " + e.getMessage(), e);
        }
        receiver.received(message);
      }
    } finally {
      close();
      writer.interrupt();
    }
  }

  private void write() {
    try {
      byte[] next = next();
      while (next != null) {
        stream.output().write(next);
        next = next();
      }
    } catch (IOException e) {
      close(); // the reader notices, and reports it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What to write next: all votes that wait, up to a buffer full, or else one bulk message. */
  private byte @Nullable [] next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (urgent.isEmpty() && bulk.isEmpty() && !closed) {
        ready.await();
      }
      if (closed) {
        return null;
      }
      if (urgent.isEmpty()) {
        byte[] one = bulk.removeFirst();
        bulkBytes -= one.length;
        return one;
      }
      ByteArrayOutputStream joined = new ByteArrayOutputStream();
      do {
        byte[] one = urgent.removeFirst();
        urgentBytes -= one.length;
        joined.writeBytes(one);
      } while (!urgent.isEmpty() && joined.size() + urgent.getFirst().length <= WRITE_BYTES);
      return joined.toByteArray();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      ready.signalAll();
    } finally {
      lock.unlock();
    }
    stream.reset();
  }

  /** Takes what arrives. */
  interface Receiver {
    void received(MeshMessage message) throws InterruptedException;
  }
}
