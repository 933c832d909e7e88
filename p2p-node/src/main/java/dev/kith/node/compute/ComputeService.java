package dev.kith.node.compute;

import dev.kith.node.compute.PartOutcome.Answered;
import dev.kith.node.compute.PartOutcome.Failed;
import dev.kith.node.compute.PartOutcome.Reason;
import dev.kith.node.compute.WorkerProcess.RunResult;
import dev.kith.node.compute.worker.WorkerMessage.Ended;
import dev.kith.node.compute.worker.WorkerMessage.Run;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.tuweni.bytes.Bytes32;

/** Runs parts in warm worker processes of this device. Thread-safe. */
public final class ComputeService implements PartExecutor, AutoCloseable {
  private static final int PROGRAMS_REMEMBERED = 256;

  private final ComputeLimits limits;
  private final ProgramStore programs;
  private final WorkerPool workers;
  private final SlotQueue slots;

  /** One compilation a program, whoever asks; what came of it is remembered for a while. */
  private final Map<Bytes32, FutureTask<Optional<Failed>>> preparations =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<Bytes32, FutureTask<Optional<Failed>>> eldest) {
          return size() > PROGRAMS_REMEMBERED;
        }
      };

  private ComputeService(ComputeLimits limits, ProgramStore programs, WorkerPool workers) {
    this.limits = limits;
    this.programs = programs;
    this.workers = workers;
    this.slots = new SlotQueue(limits.slots(), limits.queued(), System::nanoTime);
  }

  /**
   * @param folder of this service alone, such as {@code HOME/compute}; made where it is absent
   */
  public static ComputeService start(Path folder, ComputeLimits limits) throws IOException {
    ProgramStore programs =
        ProgramStore.open(folder.toAbsolutePath().resolve("programs"), limits.programsBytes());
    Path scratch = Files.createDirectories(folder.toAbsolutePath().resolve("scratch"));
    // One more than slots: a program is also compiled where all slots are taken, or none is lent.
    WorkerPool workers =
        new WorkerPool(scratch, limits.slots() + 1, limits.memoryMiB(), limits.idleTime());
    return new ComputeService(limits, programs, workers);
  }

  @Override
  public ComputeLimits limits() {
    return limits;
  }

  @Override
  public List<String> capabilities() {
    return List.of("runtime.wasm", "wasi.preview1");
  }

  @Override
  public boolean hasProgram(Bytes32 program) {
    return programs.has(program);
  }

  @Override
  public boolean addProgram(Bytes32 program, InputStream content, long length) throws IOException {
    return programs.add(program, content, length);
  }

  @Override
  public Optional<Turn> enter(int rank) {
    return slots.enter(rank);
  }

  @Override
  public Optional<Failed> prepare(Bytes32 program) throws IOException, InterruptedException {
    if (programs.compiled(program).isPresent()) {
      return Optional.empty();
    }
    FutureTask<Optional<Failed>> preparation;
    synchronized (preparations) {
      preparation = preparations.get(program);
      if (preparation == null) {
        FutureTask<Optional<Failed>> task = new FutureTask<>(() -> compile(program));
        preparations.put(program, task);
        // On a thread of its own: whoever asked may be cancelled, the others still want it.
        Thread.ofVirtual().name("compile").start(task);
        preparation = task;
      }
    }
    try {
      return preparation.get();
    } catch (ExecutionException e) {
      throw new IOException("the program could not be compiled: " + e.getCause(), e);
    } finally {
      if (!remembered(preparation)) {
        synchronized (preparations) {
          preparations.remove(program, preparation);
        }
      }
    }
  }

  /** A success is remembered by its file; a fault of the module here; anything else is not. */
  private static boolean remembered(FutureTask<Optional<Failed>> preparation) {
    return switch (preparation.state()) {
      case RUNNING -> true;
      case SUCCESS ->
          preparation.resultNow().filter(f -> f.reason() == Reason.BAD_MODULE).isPresent();
      case FAILED, CANCELLED -> false;
    };
  }

  private Optional<Failed> compile(Bytes32 program) throws IOException, InterruptedException {
    String name = program.toUnprefixedHexString();
    Path module = programs.use(program);
    Path jar = programs.temporary();
    WorkerProcess worker = workers.take(name);
    try {
      Optional<Ended> failure;
      try (OutputStream out = Files.newOutputStream(jar)) {
        failure = worker.load(name, module, Optional.empty(), out);
      }
      if (failure.isEmpty()) {
        programs.addCompiled(program, jar);
      }
      return failure.map(ComputeService::failed);
    } finally {
      workers.giveBack(worker);
      Files.deleteIfExists(jar);
    }
  }

  @Override
  public PartOutcome run(PartWork work, InputStream stdin, OutputStream stdout)
      throws IOException, InterruptedException {
    Optional<Failed> unfit = prepare(work.program());
    if (unfit.isPresent()) {
      return unfit.get();
    }
    String name = work.program().toUnprefixedHexString();
    WorkerProcess worker = workers.take(name);
    try {
      if (!worker.hasLoaded(name)) {
        Path module = programs.use(work.program());
        Optional<Ended> failure =
            worker.load(
                name, module, programs.compiled(work.program()), OutputStream.nullOutputStream());
        if (failure.isPresent()) {
          return failed(failure.get());
        }
      }
      Duration timeLimit =
          work.timeLimit().compareTo(limits.partTime()) < 0 ? work.timeLimit() : limits.partTime();
      CountingStream counted = new CountingStream(stdout);
      RunResult result = worker.run(message(name, work), timeLimit, stdin, counted);
      return switch (result) {
        case RunResult.Finished finished -> outcome(finished.ended(), counted.count());
        case RunResult.OutOfTime _ ->
            new Failed(Reason.TIME, "did not end within " + seconds(timeLimit));
        case RunResult.Died died -> died(died.exitCode());
      };
    } finally {
      workers.giveBack(worker);
    }
  }

  private Run message(String name, PartWork work) {
    return new Run(
        name,
        limits.memoryMiB() * 16,
        limits.answerBytes(),
        work.part(),
        work.arguments(),
        List.of("KITH_PART=" + work.part(), "KITH_PARTS=" + work.parts()));
  }

  private static PartOutcome outcome(Ended ended, long answerBytes) throws InterruptedException {
    return switch (ended.end()) {
      case EXITED -> ended.exitCode() == 0 ? new Answered(answerBytes) : failed(ended);
      case CANCELLED -> throw new InterruptedException("the run was cancelled");
      case TRAPPED, MEMORY, ANSWER_TOO_LONG, BAD_MODULE, INTERNAL -> failed(ended);
    };
  }

  private static Failed failed(Ended ended) {
    String tail = ended.stderrTail().isEmpty() ? "" : ": " + lastLine(ended.stderrTail());
    return switch (ended.end()) {
      case EXITED -> new Failed(Reason.EXIT_CODE, "exit code " + ended.exitCode() + tail);
      case TRAPPED -> new Failed(Reason.TRAP, "trapped: " + ended.detail() + tail);
      case MEMORY -> new Failed(Reason.MEMORY, ended.detail());
      case ANSWER_TOO_LONG -> new Failed(Reason.ANSWER_TOO_LONG, ended.detail());
      case BAD_MODULE -> new Failed(Reason.BAD_MODULE, ended.detail());
      case INTERNAL -> new Failed(Reason.WORKER_LOST, "the worker failed: " + ended.detail());
      case CANCELLED -> throw new IllegalStateException("a load cannot be cancelled");
    };
  }

  private Failed died(int exitCode) {
    return exitCode == WorkerProcess.OUT_OF_MEMORY
        ? new Failed(
            Reason.MEMORY,
            "wants more memory than the %d MiB allowed".formatted(limits.memoryMiB()))
        : new Failed(Reason.WORKER_LOST, "the worker process ended with code " + exitCode);
  }

  private static String lastLine(String text) {
    String line = text.substring(text.lastIndexOf('\n') + 1).strip();
    return line.length() <= 500 ? line : line.substring(0, 500);
  }

  private static String seconds(Duration time) {
    return time.toMillis() < 1000 ? time.toMillis() + " ms" : time.toSeconds() + " s";
  }

  /** Worker processes alive. */
  int workers() {
    return workers.size();
  }

  /** Ends all worker processes. */
  @Override
  public void close() {
    workers.close();
  }
}
