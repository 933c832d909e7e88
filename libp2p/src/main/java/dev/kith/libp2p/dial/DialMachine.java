package dev.kith.libp2p.dial;

import dev.kith.libp2p.dial.DialRanker.Planned;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;

/**
 * Follows a plan: each attempt begins at its time, and earlier where one before it has failed, by
 * which all later ones move forward too. One thread's own; time is handed in, in nanoseconds.
 */
public final class DialMachine {
  private final Queue<Planned> waiting;
  private final long start;
  private long advanced;
  private int running;

  /**
   * @param plan the earliest first
   */
  public DialMachine(Collection<Planned> plan, long now) {
    this.waiting = new ArrayDeque<>(plan);
    this.start = now;
  }

  /** What begins now, in this order. */
  public List<Multiaddr> due(long now) {
    if (running == 0) {
      advanceTo(now);
    }
    List<Multiaddr> due = new ArrayList<>();
    for (Planned next = waiting.peek(); next != null && at(next) - now <= 0; ) {
      due.add(next.address());
      waiting.remove();
      running++;
      next = waiting.peek();
    }
    return due;
  }

  /** An attempt that had begun has failed: the next one need not wait any longer. */
  public void failed(long now) {
    if (running == 0) {
      throw new IllegalStateException("nothing had begun");
    }
    running--;
    advanceTo(now);
  }

  private void advanceTo(long now) {
    Planned next = waiting.peek();
    if (next != null) {
      advanced += Math.max(0, at(next) - now);
    }
  }

  private long at(Planned planned) {
    return start + planned.delay().toNanos() - advanced;
  }

  /** When the next attempt begins; empty where there is none left. */
  public OptionalLong nextAt() {
    Planned next = waiting.peek();
    return next == null ? OptionalLong.empty() : OptionalLong.of(at(next));
  }

  /** Whether all attempts have failed. */
  public boolean exhausted() {
    return running == 0 && waiting.isEmpty();
  }
}
