package dev.kith.node.jobs;

import dev.kith.ledger.codec.Hash;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.compute.PartExecutor;
import dev.kith.node.compute.PartOutcome;
import dev.kith.node.compute.ProgramInfo;
import dev.kith.node.compute.ProgramReader;
import dev.kith.node.jobs.JobService.Input;
import dev.kith.node.jobs.JobService.JobRequest;
import dev.kith.node.jobs.JobSpecification.InputFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks a request and takes its program and inputs over into the job's folder. */
final class JobIntake {
  private static final Logger LOG = LoggerFactory.getLogger(JobIntake.class);

  private final PartExecutor executor;
  private final JobStore store;

  JobIntake(PartExecutor executor, JobStore store) {
    this.executor = executor;
    this.store = store;
  }

  /** A job ready to be opened. */
  record Taken(JobSpecification specification, PartTable parts, ProgramInfo program) {}

  static void check(JobRequest request) throws NodeException {
    require(request.entropy() >= 0 && request.entropy() <= 8, "entropy: 0 to 8");
    require(
        request.timeout().isPositive() && request.timeout().compareTo(JobService.TIMEOUT_MAX) <= 0,
        "timeout: above 0, at most " + JobService.TIMEOUT_MAX.toDays() + " days");
    require(
        request.inputs().size() <= JobService.INPUTS_MAX,
        "at most " + JobService.INPUTS_MAX + " inputs");
    require(
        request.arguments().size() <= JobService.ARGUMENTS_MAX,
        "at most " + JobService.ARGUMENTS_MAX + " arguments");
    long bytes = request.arguments().stream().mapToLong(JobIntake::utf8Bytes).sum();
    // What is left of an attempt's bound is for the program's name and a range's number.
    require(
        bytes <= JobService.ARGUMENT_BYTES_MAX,
        "the arguments are longer than " + JobService.ARGUMENT_BYTES_MAX + " bytes");
    require(
        request.arguments().stream().noneMatch(a -> a.indexOf('\0') >= 0),
        "an argument has a zero byte in it");
  }

  /** Blocks while inputs are fetched and the program is compiled. */
  Taken take(Bytes32 job, JobRequest request, JobFolder folder)
      throws IOException, InterruptedException {
    ProgramInfo info = ProgramReader.read(request.program());
    Bytes32 program = Hash.sha256(request.program());
    FutureTask<Optional<PartOutcome.Failed>> compiled =
        new FutureTask<>(() -> compile(program, request.program()));
    Thread.ofVirtual().name("job-compile").start(compiled);
    Files.write(folder.programFile(), request.program().toArrayUnsafe());
    List<InputFile> inputs = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (Input input : request.inputs()) {
      Path file = folder.inputFile(inputs.size());
      inputs.add(takeInput(input, file));
      files.add(file);
    }
    PartTable parts = Splitter.split(request.split(), files);
    await(compiled);
    long now = System.currentTimeMillis();
    JobSpecification specification =
        new JobSpecification(
            job,
            JobViewCodec.cut(request.programName(), JobSpecification.NAME_BYTES_MAX),
            program,
            request.program().size(),
            inputs,
            request.split(),
            parts.parts(),
            1 + request.entropy(),
            request.arguments(),
            now,
            now + request.timeout().toMillis());
    require(
        specification.encode().size() <= JobSpecification.BYTES_MAX,
        "the names of the inputs are too long, all together");
    return new Taken(specification, parts, info);
  }

  private InputFile takeInput(Input input, Path file) throws IOException, InterruptedException {
    return switch (input) {
      case Input.Stored stored -> {
        Bytes32 sha256 = store.take(stored.path(), file);
        yield new InputFile(stored.path(), true, Files.size(file), sha256);
      }
      case Input.Spooled spooled -> {
        try {
          Files.move(spooled.file(), file, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
          throw new NodeException(
              Problem.NOT_FOUND,
              "the uploaded input " + spooled.name() + " is gone: it waited too long, or was taken",
              e);
        }
        String name = JobViewCodec.cut(spooled.name(), JobSpecification.NAME_BYTES_MAX);
        yield new InputFile(name, false, Files.size(file), JobStore.sha256(file));
      }
    };
  }

  /** Here first, so that a damaged module is refused before the job is on the ledger. */
  private Optional<PartOutcome.Failed> compile(Bytes32 program, Bytes content)
      throws IOException, InterruptedException {
    if (!executor.hasProgram(program)) {
      executor.addProgram(
          program, new ByteArrayInputStream(content.toArrayUnsafe()), content.size());
    }
    return executor.prepare(program);
  }

  private static void await(FutureTask<Optional<PartOutcome.Failed>> compiled)
      throws NodeException, InterruptedException {
    try {
      Optional<PartOutcome.Failed> failure = compiled.get();
      if (failure.isPresent() && failure.get().reason() == PartOutcome.Reason.BAD_MODULE) {
        throw new NodeException(
            Problem.BAD_PROGRAM, "the program cannot be run: " + failure.get().detail());
      }
    } catch (ExecutionException e) {
      // The module may be as good as any: let its racers find out.
      LOG.warn("the program could not be compiled here", e.getCause());
    }
  }

  private static long utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void require(boolean holds, String message) throws NodeException {
    if (!holds) {
      throw new NodeException(Problem.BAD_REQUEST, message);
    }
  }
}
