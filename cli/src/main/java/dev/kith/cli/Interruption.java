package dev.kith.cli;

import java.util.function.Supplier;

/** Says, when Ctrl-C or another signal ends this process, what becomes of the work under way. */
final class Interruption implements AutoCloseable {
  private final Thread hook;

  private Interruption(Thread hook) {
    this.hook = hook;
  }

  /**
   * @param becomes one line, asked for when the process is stopped, on a thread of its own
   */
  static Interruption says(Cli cli, Supplier<String> becomes) {
    // The line feed leaves the bar, and the ^C that the terminal shows, a line of their own.
    Thread hook =
        new Thread(() -> cli.say((cli.drawsBars() ? "\n" : "") + "kith: " + becomes.get()));
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook);
  }

  /** The work is done, or has failed and says so itself. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the process ends already: the line is due
    }
  }
}
