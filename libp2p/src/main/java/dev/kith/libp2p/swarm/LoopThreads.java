package dev.kith.libp2p.swarm;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads that event loops carry. What such a thread waits for on a stream comes from the
 * very loop, so it goes on without a switch between processors, which costs as much as the
 * encryption. In turn, a thread that blocks otherwise, say on a file, stops the loop.
 *
 * <p>A loop may wait for a lock of a muxer or a socket. Whoever holds one of these must therefore
 * not wait for anything else: the loop might have to carry it first.
 *
 * <p>JDK 25 has no public way to choose what carries a virtual thread. Where its inner one is not
 * open ({@code --add-opens java.base/java.lang=ALL-UNNAMED}), or is another, the JDK's own
 * scheduler carries them. Thread-safe.
 */
final class LoopThreads implements AutoCloseable {
  private static final String NAME = "kith-loop-stream";

  private static final @Nullable MethodHandle NEW_THREAD = find();

  private final Map<Executor, Carried> loops = new ConcurrentHashMap<>();

  /** The threads of one loop. */
  static final class Carried implements ThreadFactory, Executor {
    private final ThreadFactory factory;
    private final ExecutorService running;

    private Carried(Executor loop) {
      this.factory = factory(loop);
      this.running = Executors.newThreadPerTaskExecutor(factory);
    }

    /** Runs a task on a thread of its own, which is interrupted when the host closes. */
    @Override
    public void execute(Runnable task) {
      running.execute(task);
    }

    /** The thread is the caller's to end. */
    @Override
    public Thread newThread(Runnable task) {
      return factory.newThread(task);
    }
  }

  private static @Nullable MethodHandle find() {
    try {
      Class<?> builders = Class.forName("java.lang.ThreadBuilders");
      return MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
          .findStatic(
              builders,
              "newVirtualThread",
              MethodType.methodType(
                  Thread.class, Executor.class, String.class, int.class, Runnable.class));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /** Whether this JDK lets loops carry threads. */
  static boolean available() {
    return NEW_THREAD != null;
  }

  Carried on(Executor loop) {
    return loops.computeIfAbsent(loop, Carried::new);
  }

  private static ThreadFactory factory(Executor loop) {
    MethodHandle newThread = NEW_THREAD;
    if (newThread == null) {
      return Thread.ofVirtual().name(NAME).factory();
    }
    Executor carrier =
        task -> {
          try {
            loop.execute(task);
          } catch (RejectedExecutionException e) {
            // The loop has ended. Whoever wakes the thread must not meet this, and it has to go on.
            Thread.ofPlatform().daemon().name(NAME).start(task);
          }
        };
    return task -> {
      try {
        return (Thread) newThread.invokeExact(carrier, NAME, 0, task);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("making a thread failed in an unknown way", e);
      }
    };
  }

  /** Interrupts the threads and waits until they have ended. To be called before loops end. */
  @Override
  public void close() {
    loops.values().forEach(loop -> loop.running.shutdownNow());
    loops.values().forEach(loop -> loop.running.close());
  }
}
