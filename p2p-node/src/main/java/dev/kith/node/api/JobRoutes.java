package dev.kith.node.api;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.compute.ComputeLimits;
import dev.kith.node.files.FileService;
import dev.kith.node.jobs.JobService;
import dev.kith.node.jobs.JobService.Input;
import dev.kith.node.jobs.JobService.JobRequest;
import dev.kith.node.jobs.JobView;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import tools.jackson.databind.JsonNode;

/** {@code /spool}, {@code /inspect} and {@code /jobs}. */
final class JobRoutes {
  /** The longest argument, in characters. */
  static final int ARGUMENT_LENGTH_MAX = 4096;

  private static final int DEFAULT_SECONDS = 86_400;
  private static final int SECONDS_MAX = (int) JobService.TIMEOUT_MAX.toSeconds();

  private final JobService jobs;
  private final FileService files;
  private final Spool spool;
  private final Transfers transfers;

  JobRoutes(JobService jobs, FileService files, Spool spool, Transfers transfers) {
    this.jobs = jobs;
    this.files = files;
    this.spool = spool;
    this.transfers = transfers;
  }

  void register(RoutesConfig routes) {
    routes.post("/api/v1/spool", this::spool);
    routes.post("/api/v1/inspect", this::inspect);
    routes.post("/api/v1/jobs", this::start);
    routes.get("/api/v1/jobs", this::list);
    routes.get("/api/v1/jobs/{job}", this::show);
    routes.delete("/api/v1/jobs/{job}", this::cancel);
    routes.get("/api/v1/jobs/{job}/output", this::output);
    routes.get("/api/v1/jobs/{job}/events", this::events);
  }

  private void spool(Context context) throws IOException, InterruptedException {
    transfers.run(
        context,
        () -> {
          try (InputStream body = context.req().getInputStream()) {
            Spool.Spooled file = spool.write(body);
            Json.answer(
                context, Json.object().with("spool", file.id()).with("bytes", file.bytes()));
          }
        });
  }

  private void inspect(Context context) throws IOException, InterruptedException {
    JsonNode request = Json.read(context);
    Json.answer(context, JobViews.needs(jobs.inspect(program(request.path("program")))));
  }

  private void start(Context context) throws IOException, InterruptedException {
    JsonNode request = Json.read(context);
    String name = Parameters.text(request, "name").orElse("program");
    Bytes32 job =
        jobs.start(
            new JobRequest(
                program(request.path("program")),
                name,
                inputs(request.path("inputs")),
                SplitForm.parse(Parameters.text(request, "split").orElse("files")),
                Parameters.integer(request, "entropy", 2, 0, 8),
                arguments(request.path("arguments")),
                Duration.ofSeconds(
                    Parameters.integer(
                        request, "timeoutSeconds", DEFAULT_SECONDS, 1, SECONDS_MAX))));
    Json.answer(context, Json.object().with("job", job));
  }

  private void list(Context context) throws IOException, InterruptedException {
    int limit = (int) Parameters.number(context, "limit", 100, 1, 1000);
    Json.answer(context, jobs.list(limit).stream().map(JobViews::summary).toList());
  }

  private void show(Context context) throws IOException, InterruptedException {
    JobView view = jobs.show(job(context));
    // A large job's attempts take a kilobyte each as a tree, so they are written as they are made.
    transfers.run(
        context,
        () ->
            Json.answer(
                context,
                JobViews.summary(view),
                "parts",
                view.parts().stream().map(JobViews::part)));
  }

  private void cancel(Context context) throws IOException, InterruptedException {
    String reason = Parameters.optional(context, "reason").orElse("cancelled by its owner");
    jobs.cancel(job(context), reason);
    context.status(204);
  }

  /** The joined answer, as its prefix grows; cut off where the job ends without one. */
  private void output(Context context) throws IOException, InterruptedException {
    Bytes32 job = job(context);
    transfers.run(
        context,
        () -> {
          context.contentType("application/octet-stream");
          OutputStream out = context.res().getOutputStream();
          JobEnds.check(jobs.await(job, new LiveStream(out, context), view -> {}));
        });
  }

  /** One line of JSON whenever the job moved on; the last one tells how it ended. */
  private void events(Context context) throws IOException, InterruptedException {
    Bytes32 job = job(context);
    transfers.run(
        context,
        () -> {
          context.contentType("application/x-ndjson");
          OutputStream out = context.res().getOutputStream();
          try {
            JobView last =
                jobs.await(
                    job,
                    new LiveStream(OutputStream.nullOutputStream(), context),
                    view -> writeLine(out, view));
            writeLine(out, last);
          } catch (UncheckedIOException e) {
            throw e.getCause(); // the client went away
          }
        });
  }

  private static void writeLine(OutputStream out, JobView view) {
    try {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      line.writeBytes(Json.bytes(JobViews.summary(view)));
      line.write('\n');
      out.write(line.toByteArray());
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Bytes program(JsonNode program) throws IOException, InterruptedException {
    Optional<String> spooled = Parameters.text(program, "spool");
    if (spooled.isPresent()) {
      Path file = spool.file(spooled.get());
      checkProgramSize(Files.size(file));
      Bytes bytes = Bytes.wrap(Files.readAllBytes(file));
      Files.deleteIfExists(file);
      return bytes;
    }
    String path =
        Parameters.text(program, "path")
            .orElseThrow(() -> Parameters.bad("program: names neither a spool nor a path"));
    try (FileService.OpenFile file = files.open(path)) {
      long size = file.entry().size();
      checkProgramSize(size);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) size);
      file.transferTo(bytes, 0, size);
      return Bytes.wrap(bytes.toByteArray());
    }
  }

  private static void checkProgramSize(long size) throws NodeException {
    if (size > ComputeLimits.PROGRAM_BYTES_MAX) {
      throw new NodeException(
          Problem.PROGRAM_TOO_LARGE, "the program has " + size + " bytes; the most is 64 MiB");
    }
  }

  private List<Input> inputs(JsonNode list) throws NodeException {
    if (list.size() > JobService.INPUTS_MAX) {
      throw Parameters.bad("inputs: " + list.size() + ", the most is " + JobService.INPUTS_MAX);
    }
    List<Input> inputs = new ArrayList<>();
    for (JsonNode element : list) {
      Optional<String> spooled = Parameters.text(element, "spool");
      if (spooled.isPresent()) {
        String name = Parameters.text(element, "name").orElse("input");
        inputs.add(new Input.Spooled(name, spool.file(spooled.get())));
      } else {
        inputs.add(
            new Input.Stored(
                Parameters.text(element, "path")
                    .orElseThrow(
                        () -> Parameters.bad("inputs: one names neither a spool nor a path"))));
      }
    }
    return inputs;
  }

  private static List<String> arguments(JsonNode list) throws NodeException {
    List<String> arguments = new ArrayList<>();
    for (JsonNode element : list) {
      if (!element.isString() || element.asString().length() > ARGUMENT_LENGTH_MAX) {
        throw Parameters.bad("arguments: each is text of at most 4096 characters");
      }
      arguments.add(element.asString());
    }
    if (arguments.size() > JobService.ARGUMENTS_MAX) {
      throw Parameters.bad("arguments: at most " + JobService.ARGUMENTS_MAX);
    }
    return arguments;
  }

  private static Bytes32 job(Context context) throws NodeException {
    return Parameters.id("job", context.pathParam("job"));
  }
}
