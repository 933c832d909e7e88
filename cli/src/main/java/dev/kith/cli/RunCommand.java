package dev.kith.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a program over many parts. */
@Command(
    name = "run",
    description = {
      "Run a program over many parts, each raced on several peers, and join the answers in order.",
      "The job goes on when this command is stopped: see kith job."
    })
final class RunCommand extends KithCommand {
  @Parameters(index = "0", paramLabel = "PROGRAM", description = "A .wasm file, or kith:/path.")
  private String program = "";

  @Parameters(
      index = "1..*",
      paramLabel = "ARG",
      description = "The program's arguments, after --.")
  private List<String> arguments = List.of();

  @Option(
      names = "--in",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Inputs: local files, kith:/path, or - for stdin.")
  private List<String> inputs = List.of();

  @Option(
      names = "--split",
      paramLabel = "HOW",
      description =
          "How inputs become parts: files, lines:N, bytes:N, or range:A..B (default: files).")
  private @Nullable String split;

  @Option(
      names = "--entropy",
      paramLabel = "N",
      defaultValue = "2",
      description = "Racers for each part beyond the one needed (default: ${DEFAULT-VALUE}).")
  private int entropy;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where the joined answer goes (default: stdout).")
  private @Nullable Path output;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = Durations.class,
      description = "End the job after this time, such as 90s or 15m.")
  private @Nullable Duration timeout;

  RunCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    JobAnswer.check(cli, output);
    DaemonClient daemon = cli.daemon();
    long startNanos = System.nanoTime();
    String job = daemon.post("jobs", request(new Uploads(cli, daemon))).text("job");
    cli.say("job " + job);
    JobAnswer answer = new JobAnswer(cli, daemon, job);
    long bytes = answer.fetch(output);
    JsonNode view = answer.view();
    if (cli.json()) {
      cli.printJson(
          JsonText.object()
              .with("job", job)
              .with("state", view.text("state"))
              .with("parts", view.number("partsTotal"))
              .with("bytes", bytes)
              .with("sha256", view.optionalText("outputSha256"))
              .with("output", String.valueOf(output)));
    }
    answer.report(view, bytes, (System.nanoTime() - startNanos) / 1e9);
    return ExitCode.OK;
  }

  private JsonText request(Uploads uploads) throws IOException {
    JsonText request =
        JsonText.object()
            .with("program", uploads.source(program))
            .with("name", StorePath.name(program.replace('\\', '/')))
            .with("split", split == null ? "files" : split)
            .with("entropy", entropy)
            .with("arguments", arguments);
    List<JsonText> sources = new ArrayList<>();
    for (String input : inputs) {
      sources.add(uploads.source(input));
    }
    request.with("inputs", sources);
    if (timeout != null) {
      request.with("timeoutSeconds", timeout.toSeconds());
    }
    return request;
  }
}
