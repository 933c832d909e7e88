package dev.kith.node.compute;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Worker processes: started when first needed, kept warm, ended after a while without work, and
 * replaced when they die. Thread-safe.
 */
final class WorkerPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

  private final Path folder;
  private final int memoryMiB;
  private final Duration idleTime;
  private final Semaphore permits;
  private final Object lock = new Object();

  /** Most recently used first, so that the others can grow cold. */
  private final Deque<Idle> idle = new ArrayDeque<>();

  private final Set<WorkerProcess> busy = new HashSet<>();
  private final Thread reaper;
  private boolean closed;

  private record Idle(WorkerProcess worker, long sinceNanos) {}

  /**
   * @param workersMax processes at once
   */
  WorkerPool(Path folder, int workersMax, int memoryMiB, Duration idleTime) {
    this.folder = folder;
    this.memoryMiB = memoryMiB;
    this.idleTime = idleTime;
    this.permits = new Semaphore(workersMax, true);
    this.reaper = Thread.ofVirtual().name("worker-reaper").start(this::reap);
  }

  /** A worker for the caller alone until it gives it back; one that has the program if possible. */
  WorkerProcess take(String program) throws IOException, InterruptedException {
    permits.acquire();
    boolean given = false;
    try {
      Optional<WorkerProcess> warm = warm(program);
      WorkerProcess worker = warm.isPresent() ? warm.get() : WorkerProcess.start(folder, memoryMiB);
      synchronized (lock) {
        if (closed) {
          worker.close();
          throw new IOException("compute has been closed");
        }
        busy.add(worker);
      }
      if (warm.isEmpty()) {
        LOG.debug("started worker {}", worker.pid());
      }
      given = true;
      return worker;
    } finally {
      if (!given) {
        permits.release();
      }
    }
  }

  private Optional<WorkerProcess> warm(String program) {
    synchronized (lock) {
      idle.removeIf(i -> !i.worker.usable());
      for (Iterator<Idle> all = idle.iterator(); all.hasNext(); ) {
        WorkerProcess worker = all.next().worker;
        if (worker.hasLoaded(program)) {
          all.remove();
          return Optional.of(worker);
        }
      }
      return Optional.ofNullable(idle.poll()).map(Idle::worker);
    }
  }

  void giveBack(WorkerProcess worker) {
    synchronized (lock) {
      busy.remove(worker);
      if (worker.usable() && !closed) {
        idle.addFirst(new Idle(worker, System.nanoTime()));
      } else {
        worker.close();
      }
    }
    permits.release();
  }

  private void reap() {
    try {
      while (true) {
        Thread.sleep(idleTime.dividedBy(4).plusMillis(1));
        synchronized (lock) {
          if (closed) {
            return;
          }
          long cold = System.nanoTime() - idleTime.toNanos();
          idle.removeIf(
              i -> {
                boolean end = i.sinceNanos - cold < 0;
                if (end) {
                  i.worker.close();
                }
                return end;
              });
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Processes alive, for people and tests. */
  int size() {
    synchronized (lock) {
      return busy.size() + (int) idle.stream().filter(i -> i.worker.usable()).count();
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      idle.forEach(i -> i.worker.close());
      busy.forEach(WorkerProcess::close);
    }
    reaper.interrupt();
  }
}
