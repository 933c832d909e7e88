package dev.kith.cli;

import dev.kith.node.realm.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks after jobs. */
@Command(name = "job", description = "List, show, cancel jobs, or fetch an answer.")
final class JobCommand extends KithCommand {
  private static final String ID = "The job's id, or at least its first 4 digits.";

  JobCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    list(20);
    return ExitCode.OK;
  }

  @Command(name = "list", description = "List jobs, the newest first.")
  int list(
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "20",
              description = "How many, up to 1000 (default: ${DEFAULT-VALUE}).")
          int limit)
      throws IOException {
    byte[] answer = cli.daemon().get("jobs", Map.of("limit", limit));
    if (cli.json()) {
      cli.printJson(answer);
      return ExitCode.OK.code();
    }
    for (JsonNode job : JsonNode.parse(answer).elements()) {
      cli.out()
          .println(
              String.format(
                  "%s  %-9s  %5s/%s parts  %s  %s%s",
                  job.text("job"),
                  job.text("state"),
                  job.text("partsDone"),
                  job.text("partsTotal"),
                  Instant.ofEpochMilli(job.number("opened")),
                  job.text("program"),
                  why(job)));
    }
    return ExitCode.OK.code();
  }

  private static String why(JsonNode job) {
    return job.optionalText("problem")
        .map(problem -> "  " + problem + job.optionalText("reason").map(r -> ": " + r).orElse(""))
        .orElse("");
  }

  @Command(name = "show", description = "Show who tried each part, and who answered first.")
  int show(@Parameters(paramLabel = "ID", description = ID) String id) throws IOException {
    DaemonClient daemon = cli.daemon();
    byte[] answer = daemon.get("jobs/" + JobId.resolve(daemon, id), Map.of());
    if (cli.json()) {
      cli.printJson(answer);
      return ExitCode.OK.code();
    }
    JsonNode job = JsonNode.parse(answer);
    cli.out().println("job      " + job.text("job"));
    cli.out().println("program  " + job.text("program"));
    cli.out()
        .println(
            "state    "
                + job.text("state")
                + job.optionalText("reason").map(_ -> " (" + why(job).strip() + ")").orElse(""));
    cli.out().println("parts    " + job.text("partsDone") + " of " + job.text("partsTotal"));
    cli.out().println("answer   " + ByteSize.approximate(job.number("outputBytes")));
    for (JsonNode part : job.list("parts")) {
      cli.out()
          .println(
              "part "
                  + part.text("part")
                  + "  "
                  + part.optionalText("firstResponder")
                      .map(peer -> "first: " + peer)
                      .orElse("no answer yet"));
      part.list("attempts").forEach(this::printAttempt);
    }
    return ExitCode.OK.code();
  }

  private void printAttempt(JsonNode attempt) {
    long ended = attempt.number("ended");
    cli.out()
        .println(
            String.format(
                Locale.ROOT,
                "  %-9s  %8s  %s  %s",
                attempt.text("outcome"),
                ended == 0 ? "" : (ended - attempt.number("started")) + " ms",
                attempt.text("peer"),
                attempt.text("detail")));
  }

  @Command(name = "cancel", description = "End a job without an answer.")
  int cancel(@Parameters(paramLabel = "ID", description = ID) String id) throws IOException {
    DaemonClient daemon = cli.daemon();
    String job = JobId.resolve(daemon, id);
    daemon.delete("jobs/" + job, Map.of());
    if (cli.json()) {
      cli.printJson(JsonText.object().with("job", job).with("state", "CANCELLED"));
    } else {
      cli.say("job " + job + " is cancelled");
    }
    return ExitCode.OK.code();
  }

  @Command(name = "output", description = "Wait for a job, and write its joined answer.")
  int output(
      @Parameters(paramLabel = "ID", description = ID) String id,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              description = "Where it goes (default: stdout).")
          @Nullable Path file)
      throws IOException {
    JobAnswer.check(cli, file);
    DaemonClient daemon = cli.daemon();
    long startNanos = System.nanoTime();
    String job = JobId.resolve(daemon, id);
    JobAnswer answer = new JobAnswer(cli, daemon, job);
    long bytes = answer.fetch(file);
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("job", job)
              .with("bytes", bytes)
              .with("output", String.valueOf(file)));
    }
    answer.report(answer.view(), bytes, (System.nanoTime() - startNanos) / 1e9);
    return ExitCode.OK.code();
  }
}
