package dev.kith.libp2p.dial;

import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a plan of attempts, each on a virtual thread. The first that succeeds wins; those that were
 * begun go on until then.
 *
 * @param <T> what an attempt yields
 */
public final class Dialler<T> {
  private final Attempt<T> attempt;
  private final Consumer<T> discard;

  /**
   * One try; it blocks, and cleans up after itself when it is interrupted.
   *
   * @param <T> what it yields
   */
  @FunctionalInterface
  public interface Attempt<T> {
    T dial(Multiaddr address) throws IOException, InterruptedException;
  }

  private sealed interface Outcome<T> {
    record Success<T>(T value) implements Outcome<T> {}

    record Failure<T>(String reason, boolean late) implements Outcome<T> {}
  }

  /**
   * @param discard takes what a second attempt yielded too late
   */
  public Dialler(Attempt<T> attempt, Consumer<T> discard) {
    this.attempt = attempt;
    this.discard = discard;
  }

  /**
   * What the first attempt to succeed yields. Blocks until then; the other attempts are gone when
   * it returns.
   *
   * @param plan the earliest first
   * @throws IOException that names every address and why it failed
   */
  public T dial(List<DialRanker.Planned> plan, Duration timeout)
      throws IOException, InterruptedException {
    BlockingQueue<Outcome<T>> outcomes = new LinkedBlockingQueue<>();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      return first(plan, timeout, threads, outcomes);
    } finally {
      threads.shutdownNow();
      threads.close();
      for (Outcome<T> late : outcomes) {
        if (late instanceof Outcome.Success<T>(T value)) {
          discard.accept(value);
        }
      }
    }
  }

  private T first(
      List<DialRanker.Planned> plan,
      Duration timeout,
      ExecutorService threads,
      BlockingQueue<Outcome<T>> outcomes)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    DialMachine machine = new DialMachine(plan, System.nanoTime());
    List<String> failures = new ArrayList<>();
    boolean allLate = true;
    while (!machine.exhausted()) {
      long now = System.nanoTime();
      for (Multiaddr address : machine.due(now)) {
        threads.execute(() -> outcomes.add(run(address)));
      }
      long end =
          machine.nextAt().stream()
              .map(at -> Math.min(at - now, deadline - now))
              .findFirst()
              .orElse(deadline - now);
      switch (poll(outcomes, end)) {
        case Outcome.Success<T>(T value) -> {
          return value;
        }
        case Outcome.Failure<T>(String reason, boolean late) -> {
          machine.failed(System.nanoTime());
          failures.add(reason);
          allLate &= late;
        }
        case null -> {
          if (deadline - System.nanoTime() <= 0) {
            failures.add("no answer within " + timeout);
            throw new SocketTimeoutException(String.join("; ", failures));
          }
        }
      }
    }
    // Attempts may have met the same deadline a moment earlier.
    if (allLate || deadline - System.nanoTime() <= 0) {
      throw new SocketTimeoutException(String.join("; ", failures));
    }
    throw new IOException(String.join("; ", failures));
  }

  private static <T> @Nullable Outcome<T> poll(BlockingQueue<Outcome<T>> outcomes, long nanos)
      throws InterruptedException {
    return outcomes.poll(nanos, TimeUnit.NANOSECONDS);
  }

  private Outcome<T> run(Multiaddr address) {
    try {
      return new Outcome.Success<>(attempt.dial(address));
    } catch (IOException | RuntimeException e) {
      return new Outcome.Failure<>(
          address + ": " + e.getMessage(), e instanceof SocketTimeoutException);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failure<>(address + ": cancelled", false);
    }
  }
}
