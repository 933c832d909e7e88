package dev.kith.libp2p.host;

import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one thread at a time dial a peer; others wait for what it gets. Thread-safe. */
final class OneDialEach {
  private final ConcurrentMap<PeerId, ReentrantLock> dials = new ConcurrentHashMap<>();

  /** Gets a connection, one way or the other. */
  interface Dial {
    Connection dial(Duration timeout) throws IOException, InterruptedException;
  }

  /**
   * Blocks while somebody else is at it.
   *
   * @throws SocketTimeoutException when the time is up before it is this one's turn
   */
  Connection run(PeerId peer, Duration timeout, Dial dial)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    ReentrantLock turn = dials.computeIfAbsent(peer, p -> new ReentrantLock());
    if (!turn.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      throw late(peer, timeout);
    }
    try {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw late(peer, timeout);
      }
      return dial.dial(Duration.ofNanos(left));
    } finally {
      turn.unlock();
      if (!turn.hasQueuedThreads()) {
        dials.remove(peer, turn);
      }
    }
  }

  private static SocketTimeoutException late(PeerId peer, Duration timeout) {
    return new SocketTimeoutException("no connection to " + peer + " within " + timeout);
  }
}
