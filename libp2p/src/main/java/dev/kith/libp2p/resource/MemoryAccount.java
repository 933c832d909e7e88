package dev.kith.libp2p.resource;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are in use for one purpose, counted here and in every account above. Thread-safe and
 * lock-free, as each frame passes here. What was taken must be given back to the same account.
 */
public final class MemoryAccount {
  private final @Nullable MemoryAccount parent;
  private final long bytesMax;
  private final AtomicLong used = new AtomicLong();

  /** An account of its own. */
  public MemoryAccount(long bytesMax) {
    this(null, bytesMax);
  }

  private MemoryAccount(@Nullable MemoryAccount parent, long bytesMax) {
    this.parent = parent;
    this.bytesMax = bytesMax;
  }

  /** An account below this one, with a bound of its own. */
  public MemoryAccount child(long bound) {
    return new MemoryAccount(this, bound);
  }

  /** An account below this one without a bound of its own. */
  public MemoryAccount child() {
    return child(Long.MAX_VALUE);
  }

  /** Takes bytes where all bounds allow it, and nothing otherwise. */
  public boolean take(long bytes) {
    for (MemoryAccount account = this; account != null; account = account.parent) {
      if (account.used.addAndGet(bytes) > account.bytesMax) {
        for (MemoryAccount back = this; back != account; back = parentOf(back)) {
          back.used.addAndGet(-bytes);
        }
        account.used.addAndGet(-bytes);
        return false;
      }
    }
    return true;
  }

  private static MemoryAccount parentOf(MemoryAccount account) {
    if (account.parent == null) {
      throw new IllegalStateException("an account above was seen before");
    }
    return account.parent;
  }

  /** Counts bytes that are in use in any case; false where a bound is exceeded with them. */
  public boolean add(long bytes) {
    boolean within = true;
    for (MemoryAccount account = this; account != null; account = account.parent) {
      within &= account.used.addAndGet(bytes) <= account.bytesMax;
    }
    return within;
  }

  /** Gives bytes back. */
  public void release(long bytes) {
    for (MemoryAccount account = this; account != null; account = account.parent) {
      account.used.addAndGet(-bytes);
    }
  }

  /** Whether no bound is exceeded, here or above. */
  public boolean withinBounds() {
    for (MemoryAccount account = this; account != null; account = account.parent) {
      if (account.used.get() > account.bytesMax) {
        return false;
      }
    }
    return true;
  }

  /** Bytes in use, here and below. */
  public long used() {
    return used.get();
  }
}
