package dev.kith.libp2p.transport;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that event loops take, and virtual threads too that they may carry.
 *
 * <p>A plain lock can hold up a loop for ever: it wakes the waiters in order, so the loop may stand
 * behind a virtual thread that is woken, but cannot run before its loop does. Threads that are not
 * virtual therefore never queue: they try until they get it. That is short, as whoever holds such a
 * lock must neither wait for anything nor take another lock.
 */
public final class LoopLock extends ReentrantLock {
  private static final long serialVersionUID = 1L;
  private static final int SPINS = 100;
  private static final long PAUSE_NANOS = 20_000;

  @Override
  public void lock() {
    if (Thread.currentThread().isVirtual()) {
      super.lock();
      return;
    }
    for (int tries = 1; !tryLock(); tries++) {
      if (tries % SPINS == 0) {
        LockSupport.parkNanos(PAUSE_NANOS); // whoever holds it may want this processor
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
