package dev.kith.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * A command. Errors are thrown, best as {@link dev.kith.node.NodeException}; {@link Kith} makes a
 * line and an exit code of them.
 */
public abstract class KithCommand implements Callable<Integer> {
  protected final Cli cli;

  protected KithCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public final Integer call() throws IOException, InterruptedException {
    return run().code();
  }

  protected abstract ExitCode run() throws IOException, InterruptedException;
}
