package dev.kith.testnet.sim;

import dev.kith.ledger.simplex.Message;
import java.util.List;
import java.util.function.IntFunction;

/** Links that delay, lose, repeat and reorder, and that partitions cut, also in one direction. */
final class Network {
  private final World world;
  private final int size;
  private final IntFunction<List<Actor>> actors;
  private final boolean[][] cut;
  private double loss;
  private double repetition;
  private int delayMaxMillis;

  Network(World world, int size, IntFunction<List<Actor>> actors) {
    this.world = world;
    this.size = size;
    this.actors = actors;
    cut = new boolean[size][size];
    loss = world.chance(0.3) ? 0 : world.random().nextDouble() * 0.3;
    repetition = world.chance(0.5) ? 0 : world.random().nextDouble() * 0.2;
    delayMaxMillis = world.between(1, 80);
  }

  void send(int from, int to, long epoch, Message message) {
    world.note(message.getClass().getSimpleName().hashCode() * 31 + from * 32 + to);
    if (from == to || cut[from][to] || world.chance(loss)) {
      return;
    }
    deliver(from, to, epoch, message);
    if (world.chance(repetition)) {
      deliver(from, to, epoch, message);
    }
  }

  private void deliver(int from, int to, long epoch, Message message) {
    world.after(
        delay(),
        () -> {
          if (!cut[from][to]) {
            actors.apply(to).forEach(actor -> actor.receive(from, epoch, message));
          }
        });
  }

  int delay() {
    return world.between(1, delayMaxMillis);
  }

  boolean linked(int from, int to) {
    return !cut[from][to];
  }

  /** Cuts some links at random, each direction for itself, and mends the others. */
  void partition() {
    boolean oneWay = world.chance(0.3);
    int side = world.between(0, (1 << size) - 1);
    for (int from = 0; from < size; from++) {
      for (int to = 0; to < size; to++) {
        boolean across = (side >> from & 1) != (side >> to & 1);
        cut[from][to] = across && (!oneWay || from < to);
      }
    }
  }

  void mend() {
    for (boolean[] row : cut) {
      java.util.Arrays.fill(row, false);
    }
  }

  /** From now on links work among these members, and no other link works ever again. */
  void healOnly(List<Integer> core) {
    loss = 0;
    repetition = 0;
    delayMaxMillis = Math.min(delayMaxMillis, 40);
    for (int from = 0; from < size; from++) {
      for (int to = 0; to < size; to++) {
        cut[from][to] = !(core.contains(from) && core.contains(to));
      }
    }
  }
}
