package dev.kith.testnet.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C into an interrupt of the thread that watches for it, and keeps the process until
 * that thread has cleared up, or took too long.
 */
final class Interruption {
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread hook;

  private Interruption(Thread player, Duration longest) {
    this.hook = new Thread(() -> stop(player, longest), "demo-stop");
  }

  /** Watches on behalf of the calling thread. */
  static Interruption watch(Duration longest) {
    Interruption interruption = new Interruption(Thread.currentThread(), longest);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private void stop(Thread player, Duration longest) {
    player.interrupt();
    try {
      if (!over.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("kith: the demo's peers may still run");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All is cleared up. */
  void over() {
    over.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // it runs already, and has just been told
    }
  }
}
