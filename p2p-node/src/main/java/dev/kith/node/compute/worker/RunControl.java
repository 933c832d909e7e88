package dev.kith.node.compute.worker;

/**
 * Whether the current run is to stop. A cancel may come before the runner took the run up, while it
 * works, or after it ended; only between {@link #begin} and {@link #end} does it interrupt.
 */
final class RunControl {
  private final Thread runner;
  private boolean running;
  private boolean cancelled;

  RunControl(Thread runner) {
    this.runner = runner;
  }

  /** A run was asked for. Called by the reader. */
  synchronized void begin() {
    running = true;
    cancelled = false;
  }

  synchronized void cancel() {
    if (running) {
      cancelled = true;
      runner.interrupt();
    }
  }

  synchronized boolean cancelled() {
    return cancelled;
  }

  /** The run is over; called by the runner, whose interrupt it clears. */
  synchronized void end() {
    running = false;
    Thread.interrupted();
  }
}
