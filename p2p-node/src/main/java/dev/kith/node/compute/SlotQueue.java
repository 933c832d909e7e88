package dev.kith.node.compute;

import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;

/**
 * Hands out slots. Attempts wait in the order of their arrival, an attempt of rank r as if it had
 * arrived r penalties later. A penalty is twice the time that a run takes here: when the mesh is
 * busy, first racers run before second ones, so that little work is done twice; when it is not,
 * nobody waits. Since a penalty is a time and no class, no attempt starves.
 */
final class SlotQueue {
  private static final long PENALTY_NANOS_MIN = 50_000_000;
  private static final double DECAY = 0.8;

  private final int slots;
  private final int queuedMax;
  private final LongSupplier nanoTime;
  private final PriorityQueue<Waiting> waiting =
      new PriorityQueue<>(
          Comparator.comparingLong((Waiting w) -> w.due).thenComparingLong(w -> w.number));
  private final long origin;
  private long arrivals;
  private int running;
  private double runNanos;

  SlotQueue(int slots, int queuedMax, LongSupplier nanoTime) {
    this.slots = slots;
    this.queuedMax = queuedMax;
    this.nanoTime = nanoTime;
    this.origin = nanoTime.getAsLong();
  }

  synchronized Optional<PartExecutor.Turn> enter(int rank) {
    if (slots == 0 || waiting.size() >= queuedMax + Math.max(0, slots - running)) {
      return Optional.empty();
    }
    long penalty = Math.max(PENALTY_NANOS_MIN, (long) (2 * runNanos));
    Waiting turn = new Waiting(nanoTime.getAsLong() - origin + rank * penalty, arrivals++);
    waiting.add(turn);
    admit();
    return Optional.of(turn);
  }

  private void admit() {
    while (running < slots && !waiting.isEmpty()) {
      Waiting next = waiting.remove();
      running++;
      next.startedNanos = nanoTime.getAsLong();
      next.admitted.countDown();
    }
  }

  private synchronized void leave(Waiting turn) {
    if (turn.left) {
      return;
    }
    turn.left = true;
    if (waiting.remove(turn)) {
      return;
    }
    running--;
    long took = nanoTime.getAsLong() - turn.startedNanos;
    runNanos = runNanos == 0 ? took : DECAY * runNanos + (1 - DECAY) * took;
    admit();
  }

  private final class Waiting implements PartExecutor.Turn {
    private final long due;
    private final long number;
    private final CountDownLatch admitted = new CountDownLatch(1);
    private long startedNanos;
    private boolean left;

    Waiting(long due, long number) {
      this.due = due;
      this.number = number;
    }

    @Override
    public void await() throws InterruptedException {
      admitted.await();
    }

    @Override
    public void close() {
      leave(this);
    }
  }
}
