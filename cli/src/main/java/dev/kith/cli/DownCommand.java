package dev.kith.cli;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.realm.DaemonInfo;
import dev.kith.node.realm.Home;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;

/** Ends the daemon. */
@Command(name = "down", description = "End the daemon, and return when it is gone.")
final class DownCommand extends KithCommand {
  private static final long PATIENCE_SECONDS = 20;
  private static final long KILL_SECONDS = 5;

  DownCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException, InterruptedException {
    Home home = Home.open(cli.home());
    DaemonInfo daemon =
        home.daemon()
            .orElseThrow(
                () -> new NodeException(Problem.NOT_RUNNING, "no daemon runs in " + home.folder()));
    Optional<ProcessHandle> process = ProcessHandle.of(daemon.pid());
    if (process.isPresent() && !ended(process.get())) {
      throw new NodeException(
          Problem.TIMED_OUT, "the daemon with pid " + daemon.pid() + " does not end");
    }
    home.daemonEnded();
    if (cli.json()) {
      cli.printJson(JsonText.object().with("pid", daemon.pid()).with("running", false));
    } else {
      cli.say("the daemon has ended");
    }
    return ExitCode.OK;
  }

  /** SIGTERM, on which the daemon shuts down in order; SIGKILL where that takes too long. */
  private static boolean ended(ProcessHandle process) throws InterruptedException {
    process.destroy();
    if (gone(process, PATIENCE_SECONDS)) {
      return true;
    }
    process.destroyForcibly();
    return gone(process, KILL_SECONDS);
  }

  private static boolean gone(ProcessHandle process, long seconds) throws InterruptedException {
    try {
      process.onExit().get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for a process", e);
    }
  }
}
