package dev.kith.libp2p.gossipsub;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns a router: runs events in the order in which they came, and the heartbeat
 * in between. Who brings an event waits while many are there; the loop itself never waits for
 * anybody.
 */
final class EventLoop {
  static final int EVENTS_MAX = 4_096;

  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  private final BlockingQueue<Runnable> events = new ArrayBlockingQueue<>(EVENTS_MAX);
  private final Runnable heartbeat;
  private final long intervalNanos;
  private final Thread thread;
  private volatile boolean closed;

  EventLoop(Runnable heartbeat, Duration interval) {
    this.heartbeat = heartbeat;
    this.intervalNanos = interval.toNanos();
    this.thread = Thread.ofVirtual().name("kith-gossipsub").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    long next = System.nanoTime() + intervalNanos;
    while (!closed) {
      try {
        Runnable event = events.poll(Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (event != null) {
          run(event);
        }
        if (next - System.nanoTime() <= 0) {
          run(heartbeat);
          next = Math.max(next + intervalNanos, System.nanoTime());
        }
      } catch (InterruptedException e) {
        closed = true;
      }
    }
    for (Runnable event = events.poll(); event != null; event = events.poll()) {
      cancel(event);
    }
  }

  /** An event that fails is a bug, but no reason to leave the mesh. */
  private static void run(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException e) {
      LOG.error("an event failed", e);
    }
  }

  private static void cancel(Runnable event) {
    if (event instanceof FutureTask<?> task) {
      task.cancel(false);
    }
  }

  /** Blocks while the queue is full. Does nothing once the loop is closed. */
  void post(Runnable event) throws InterruptedException {
    while (!events.offer(event, 100, TimeUnit.MILLISECONDS)) {
      if (closed) {
        cancel(event);
        return;
      }
    }
    if (closed && events.remove(event)) {
      cancel(event);
    }
  }

  /**
   * Runs something on the loop and waits for its result.
   *
   * @throws IllegalStateException when the loop is closed
   */
  <T> T call(Supplier<T> event) throws InterruptedException {
    FutureTask<T> task = new FutureTask<>(event::get);
    post(task);
    try {
      return task.get();
    } catch (CancellationException e) {
      throw new IllegalStateException("gossipsub is closed", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalArgumentException bad) {
        throw new IllegalArgumentException(bad.getMessage(), bad);
      }
      throw new IllegalStateException("an event failed", e);
    }
  }

  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
    thread.interrupt();
  }
}
