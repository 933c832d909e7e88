package dev.kith.libp2p.host;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One reader's view of what happens to a host: events in order, as many as fit. A reader that is
 * too slow loses the newest ones, and can tell by {@link #dropped}; it never holds up the host.
 * Thread-safe.
 */
public final class EventFeed implements AutoCloseable {
  /** The most events that may wait. */
  public static final int CAPACITY_MAX = 65_536;

  private final BlockingQueue<HostEvent> queue;
  private final AtomicLong dropped = new AtomicLong();
  private final Consumer<EventFeed> closer;

  EventFeed(int capacity, Consumer<EventFeed> closer) {
    if (capacity < 1 || capacity > CAPACITY_MAX) {
      throw new IllegalArgumentException("capacity: " + capacity);
    }
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.closer = closer;
  }

  void offer(HostEvent event) {
    if (!queue.offer(event)) {
      dropped.incrementAndGet();
    }
  }

  /** The next event; null where none comes within {@code timeout}. Blocks. */
  public @Nullable HostEvent poll(Duration timeout) throws InterruptedException {
    return queue.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The next event. Blocks until there is one. */
  public HostEvent take() throws InterruptedException {
    return queue.take();
  }

  /** How many events did not fit. */
  public long dropped() {
    return dropped.get();
  }

  /** Ends it: nothing more comes. */
  @Override
  public void close() {
    closer.accept(this);
  }
}
