package dev.kith.libp2p.swarm;

import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tries addresses one after another: the next one starts when one fails, or has not answered for a
 * quarter of a second, while those that were started go on. The first that succeeds wins.
 *
 * @param <T> what an attempt yields
 */
final class Dialler<T> {
  private static final long HEAD_START_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final Attempt<T> attempt;
  private final Consumer<T> discard;

  /** One try; it blocks, and cleans up after itself when it is interrupted. */
  @FunctionalInterface
  interface Attempt<T> {
    T dial(Multiaddr address) throws IOException, InterruptedException;
  }

  private sealed interface Outcome<T> {
    record Success<T>(T value) implements Outcome<T> {}

    record Failure<T>(String reason) implements Outcome<T> {}
  }

  /**
   * @param discard takes what a second attempt yielded too late
   */
  Dialler(Attempt<T> attempt, Consumer<T> discard) {
    this.attempt = attempt;
    this.discard = discard;
  }

  /**
   * What the first attempt to succeed yields. Blocks until then; the other attempts are gone when
   * it returns.
   *
   * @throws IOException that names every address and why it failed
   */
  T dial(List<Multiaddr> addresses, Duration timeout) throws IOException, InterruptedException {
    BlockingQueue<Outcome<T>> outcomes = new LinkedBlockingQueue<>();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      return first(addresses, timeout, threads, outcomes);
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
      List<Multiaddr> addresses,
      Duration timeout,
      ExecutorService threads,
      BlockingQueue<Outcome<T>> outcomes)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<String> failures = new ArrayList<>();
    Iterator<Multiaddr> rest = addresses.iterator();
    int running = 0;
    while (rest.hasNext() || running > 0) {
      if (rest.hasNext()) {
        Multiaddr address = rest.next();
        threads.execute(() -> outcomes.add(run(address)));
        running++;
      }
      long left = deadline - System.nanoTime();
      long wait = rest.hasNext() ? Math.min(left, HEAD_START_NANOS) : left;
      switch (poll(outcomes, wait)) {
        case Outcome.Success<T>(T value) -> {
          return value;
        }
        case Outcome.Failure<T>(String reason) -> {
          running--;
          failures.add(reason);
        }
        case null -> {
          if (deadline - System.nanoTime() <= 0) {
            failures.add("no answer within " + timeout);
            throw new SocketTimeoutException(String.join("; ", failures));
          }
        }
      }
    }
    // An attempt may have met the same deadline a moment earlier.
    if (deadline - System.nanoTime() <= 0) {
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
      return new Outcome.Failure<>(address + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failure<>(address + ": cancelled");
    }
  }
}
