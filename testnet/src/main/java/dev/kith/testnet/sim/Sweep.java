package dev.kith.testnet.sim;

import dev.kith.testnet.sim.Scenario.Byzantine;
import dev.kith.testnet.sim.Scenario.Mode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Runs many seeds, each of which also chooses its scenario, on all processors. */
public final class Sweep {
  /** A sweep ends early with so many defects: they would be the same one. */
  static final int DEFECTS_MAX = 20;

  private static final int PROGRESS_EVERY = 100;

  /** Four is what most realms have; the others are there for the numbers between. */
  private static final int[] SIZES = {1, 3, 4, 4, 4, 6, 7};

  private Sweep() {}

  /**
   * What a sweep found.
   *
   * @param seeds that were run
   * @param defects each names its seed and scenario
   */
  public record Result(long seeds, List<String> defects, Tally tally) {
    public Result {
      defects = List.copyOf(defects);
    }
  }

  /** What a seed tries. */
  public static Scenario scenario(long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    int size = SIZES[random.nextInt(SIZES.length)];
    Mode mode = random.nextInt(3) == 0 ? Mode.SAFETY : Mode.LIVENESS;
    List<Byzantine> liars = List.copyOf(EnumSet.allOf(Byzantine.class));
    Byzantine byzantine = size < 4 ? Byzantine.NONE : liars.get(random.nextInt(liars.size()));
    Scenario scenario = Scenario.of(size, mode, byzantine);
    boolean epochs = byzantine != Byzantine.CHATTY && random.nextInt(3) == 0;
    return epochs ? scenario.withEpochs(2 + random.nextInt(6)) : scenario;
  }

  /**
   * Blocks until all seeds are run.
   *
   * @param progress told now and then how many were, on any thread
   */
  public static Result run(long first, long count, LongConsumer progress)
      throws InterruptedException {
    AtomicLong next = new AtomicLong(first);
    AtomicLong done = new AtomicLong();
    AtomicInteger broken = new AtomicInteger();
    int threads = Runtime.getRuntime().availableProcessors();
    List<Future<Result>> parts = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        parts.add(
            pool.submit(
                () -> {
                  Tally tally = new Tally();
                  List<String> defects = new ArrayList<>();
                  long mine = 0;
                  for (long seed = next.getAndIncrement();
                      seed - first < count && broken.get() < DEFECTS_MAX;
                      seed = next.getAndIncrement()) {
                    try {
                      Simulation.run(scenario(seed), seed, tally);
                    } catch (InvariantBrokenException e) {
                      broken.incrementAndGet();
                      defects.add(String.valueOf(e.getMessage()));
                    }
                    mine++;
                    long all = done.incrementAndGet();
                    if (all % PROGRESS_EVERY == 0) {
                      progress.accept(all);
                    }
                  }
                  return new Result(mine, defects, tally);
                }));
      }
      return together(parts);
    }
  }

  private static Result together(List<Future<Result>> parts) throws InterruptedException {
    long seeds = 0;
    Tally tally = new Tally();
    List<String> defects = new ArrayList<>();
    for (Future<Result> part : parts) {
      try {
        Result result = part.get();
        seeds += result.seeds();
        tally.add(result.tally());
        defects.addAll(result.defects());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a simulation failed", e.getCause());
      }
    }
    return new Result(seeds, defects, tally);
  }
}
