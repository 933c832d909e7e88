package dev.kith.cli;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.realm.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
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
    try (Interruption _ =
            Interruption.says(
                cli,
                () -> "the job goes on: kith job output " + job + " (kith job cancel ends it)");
        JobFollower _ = JobFollower.start(cli, daemon, job)) {
      return output == null || isStdout(output) ? toStdout() : toFile(output);
    }
  }

  private static boolean isStdout(Path output) {
    return output.toString().equals("-");
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

  /** One line on stderr, when the answer is there. */
  void report(JsonNode view, long bytes, double seconds) {
    cli.say(
        String.format(
            Locale.ROOT,
            "%s, %s in %.1f s",
            Counted.of(view.number("partsTotal"), "part"),
            ByteSize.approximate(bytes),
            seconds));
  }

  JsonNode view() throws IOException {
    return daemon.getJson("jobs/" + job, Map.of());
  }
}
