package dev.kith.libp2p.gossipsub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The messages of a topic, each once, in the order in which they turned out to be valid.
 * Thread-safe.
 *
 * <p>Messages wait here until they are taken, up to {@link GossipsubConfig#subscriptionBacklogMax};
 * then the newest are dropped and counted, since a reader that does not keep up must not hold up
 * the mesh.
 */
public final class Subscription implements AutoCloseable {
  private final String topic;
  private final int backlogMax;
  private final Runnable onClose;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Message> backlog = new ArrayDeque<>();
  private final AtomicLong dropped = new AtomicLong();
  private boolean closed;

  Subscription(String topic, int backlogMax, java.util.function.Consumer<Subscription> onClose) {
    this.topic = topic;
    this.backlogMax = backlogMax;
    this.onClose = () -> onClose.accept(this);
  }

  public String topic() {
    return topic;
  }

  /** The next message; empty once the subscription is closed and everything was taken. Blocks. */
  public Optional<Message> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (backlog.isEmpty() && !closed) {
        changed.await();
      }
      return Optional.ofNullable(backlog.poll());
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #next()}, and empty as well when {@code timeout} passes. */
  public Optional<Message> next(Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (backlog.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return Optional.ofNullable(backlog.poll());
    } finally {
      lock.unlock();
    }
  }

  /** How many messages were dropped, as too many waited. */
  public long dropped() {
    return dropped.get();
  }

  void deliver(Message message) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (backlog.size() >= backlogMax) {
        dropped.incrementAndGet();
        return;
      }
      backlog.add(message);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends it: with the last subscription of a topic the topic is left. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    onClose.run();
  }
}
