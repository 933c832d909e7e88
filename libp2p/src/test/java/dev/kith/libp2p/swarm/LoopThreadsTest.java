package dev.kith.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LoopThreadsTest {
  private final AtomicInteger carried = new AtomicInteger();

  private Executor counting(Executor loop) {
    return task ->
        loop.execute(
            () -> {
              carried.incrementAndGet();
              task.run();
            });
  }

  @Test
  void threads_areVirtualAndCarriedByTheirLoop() throws Exception {
    assertThat(LoopThreads.available()).as("java.lang is open to this build").isTrue();
    try (ExecutorService loop = Executors.newSingleThreadExecutor();
        LoopThreads threads = new LoopThreads()) {
      CountDownLatch wake = new CountDownLatch(1);
      Thread thread =
          threads
              .on(counting(loop))
              .newThread(
                  () -> {
                    try {
                      wake.await();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      thread.start();
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(thread.isVirtual()).isTrue();
      assertThat(carried).hasValue(1);
      wake.countDown();
      thread.join();
      assertThat(carried).hasValue(2);
    }
  }

  @Test
  void threads_outliveTheirLoop() throws Exception {
    ExecutorService loop = Executors.newSingleThreadExecutor();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch wake = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    try (LoopThreads threads = new LoopThreads()) {
      Thread thread =
          threads
              .on(loop)
              .newThread(
                  () -> {
                    started.countDown();
                    try {
                      wake.await();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                    done.countDown();
                  });
      thread.start();
      started.await();
      loop.close();
      wake.countDown();
      done.await();
    }
  }

  @Test
  void close_interruptsTasksAndWaitsForThem() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    try (ExecutorService loop = Executors.newSingleThreadExecutor()) {
      try (LoopThreads threads = new LoopThreads()) {
        threads
            .on(loop)
            .execute(
                () -> {
                  started.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.incrementAndGet();
                  }
                });
        started.await();
      }
      assertThat(interrupted).hasValue(1);
    }
  }
}
