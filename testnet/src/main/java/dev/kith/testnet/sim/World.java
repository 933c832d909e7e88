package dev.kith.testnet.sim;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Virtual time, the one source of chance, and a running hash of all that happened. */
final class World {
  private final PriorityQueue<Happening> queue =
      new PriorityQueue<>(
          Comparator.comparingLong(Happening::at).thenComparingLong(Happening::order));
  private final SplittableRandom random;
  private long now;
  private long order;
  private long history;

  World(long seed) {
    random = new SplittableRandom(seed);
  }

  long now() {
    return now;
  }

  SplittableRandom random() {
    return random;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** An integer between both, both included. */
  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  void after(long millis, Runnable action) {
    queue.add(new Happening(now + Math.max(0, millis), order++, action));
  }

  /** Runs what is due until a moment; later events stay in the queue. */
  void runUntil(long end) {
    for (Happening next = queue.peek(); next != null && next.at <= end; next = queue.peek()) {
      queue.poll();
      now = next.at;
      next.action.run();
    }
    now = end;
  }

  /** Adds to the hash that tells whether two runs were the same. */
  void note(int what) {
    long mixed = (history ^ now) * 0x9E3779B97F4A7C15L + what;
    history = mixed ^ mixed >>> 29;
  }

  long history() {
    return history;
  }

  private record Happening(long at, long order, Runnable action) {}
}
