package dev.kith.cli;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Waits for a job and receives its joined answer. */
final class JobAnswer {
  private final Cli cli;
  private final DaemonClient daemon;
  private final String job;

  JobAnswer(Cli cli, DaemonClient daemon, String job) {
    this.cli = cli;
    this.daemon = daemon;
    this.job = job;
  }

  /** Fails where the answer could not be written, before a job is started for it. */
  static void check(Cli cli, @Nullable Path output) throws IOException {
    if (output != null && !isStdout(output)) {
      OutputFile.check(output);
    } else if (cli.json()) {
      throw new NodeException(Problem.BAD_REQUEST, "--json wants -o FILE for the answer");
    }
  }

  /**
   * Blocks until the job is over. Stopping this command leaves the job running, and says so.
   *
   * @param output a file that appears when the answer is whole; null or - = stdout, as its prefix
   *     grows
   * @return the answer's length
   */
  long fetch(@Nullable Path output) throws IOException {
    Thread hint =
        new Thread(
            () ->
                cli.say(
                    "\nkith: the job goes on: kith job output "
                        + job
                        + " (kith job cancel ends it)"));
    Runtime.getRuntime().addShutdownHook(hint);
    try (JobFollower _ = JobFollower.start(cli, daemon, job)) {
      return output == null || isStdout(output) ? toStdout() : toFile(output);
    } finally {
      removeHook(hint);
    }
  }

  private static boolean isStdout(Path output) {
    return output.toString().equals("-");
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the shutdown has begun: the hint is due
    }
  }

  private long toStdout() throws IOException {
    StdoutStream out = new StdoutStream(cli.rawOut());
    return receive(_ -> out);
  }

  private long toFile(Path output) throws IOException {
    try (OutputFile file = OutputFile.create(output)) {
      long bytes = receive(_ -> file.stream());
      file.appear(true);
      return bytes;
    }
  }

  private long receive(DaemonClient.Arrival arrival) throws IOException {
    return daemon.download("jobs/" + job + "/output", Map.of(), arrival, _ -> {}).bytes();
  }

  JsonNode view() throws IOException {
    return daemon.getJson("jobs/" + job, Map.of());
  }
}
