package dev.kith.node.files.download;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all transfers of a daemon may hold ahead of their writers. Thread-safe. */
final class Budget {
  private final AtomicLong left;

  Budget(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  /** Takes so many bytes if they are left. */
  boolean take(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  void give(long bytes) {
    left.addAndGet(bytes);
  }
}
