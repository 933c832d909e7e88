package dev.kith.node.compute.worker;

import dev.kith.node.compute.worker.WorkerMessage.StdinWanted;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The program's stdin: filled by the thread that reads commands, emptied by the runner. At most
 * {@link WorkerMessage#STDIN_WINDOW} bytes wait in it, because the daemon sends no more than the
 * program has read.
 */
final class StdinPipe extends InputStream {
  /** Told to the daemon in lumps, not for each read. */
  private static final int CREDIT_BYTES = WorkerMessage.STDIN_WINDOW / 4;

  private final Consumer<StdinWanted> credit;
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean open;
  private boolean ended;
  private int unreported;

  StdinPipe(Consumer<? super StdinWanted> credit) {
    this.credit = credit::accept;
  }

  /** Begins the stdin of a new run. */
  synchronized void open() {
    waiting.clear();
    waitingBytes = 0;
    ended = false;
    open = true;
    unreported = 0;
  }

  synchronized void offer(ByteBuffer bytes) {
    if (!open || !bytes.hasRemaining()) {
      return;
    }
    waitingBytes += bytes.remaining();
    if (waitingBytes > WorkerMessage.STDIN_WINDOW) {
      throw new IllegalStateException("stdin beyond its window");
    }
    waiting.add(bytes);
    notifyAll();
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** The run is over; what it left unread, and what is still under way, is dropped. */
  @Override
  public synchronized void close() {
    open = false;
    waiting.clear();
    waitingBytes = 0;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /** Blocks until there is a byte or the end; throws {@link RunStopped} when interrupted. */
  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    int count;
    int report = 0;
    synchronized (this) {
      while (waiting.isEmpty() && !ended) {
        try {
          wait();
        } catch (InterruptedException e) {
          throw RunStopped.cancelled();
        }
      }
      ByteBuffer head = waiting.peek();
      if (head == null) {
        return -1;
      }
      count = Math.min(length, head.remaining());
      head.get(target, offset, count);
      if (!head.hasRemaining()) {
        waiting.remove();
      }
      waitingBytes -= count;
      unreported += count;
      if (unreported >= CREDIT_BYTES) {
        report = unreported;
        unreported = 0;
      }
    }
    if (report > 0) {
      credit.accept(new StdinWanted(report));
    }
    return count;
  }
}
