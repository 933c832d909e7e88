package dev.kith.node.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.kith.node.compute.PartOutcome.Answered;
import dev.kith.node.compute.PartOutcome.Failed;
import dev.kith.node.compute.PartOutcome.Reason;
import dev.kith.node.testing.WasmAssembler;
import dev.kith.node.testing.WasmPrograms;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real worker processes. */
class ComputeServiceTest {
  @TempDir private static Path folder;
  private static ComputeService compute;

  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

  @BeforeAll
  static void start() throws IOException {
    compute =
        ComputeService.start(
            folder,
            new ComputeLimits(
                2,
                4,
                16,
                Duration.ofSeconds(60),
                4 << 20,
                ComputeLimits.PROGRAM_BYTES_MAX,
                Duration.ofMinutes(1)));
  }

  @AfterAll
  static void stop() {
    compute.close();
  }

  @Test
  void run_givesStdinToTheProgramAndItsStdoutToTheCaller() throws Exception {
    byte[] input = new byte[3_500_000];
    new Random(1).nextBytes(input);
    assertThat(run(WasmPrograms.echo(), new ByteArrayInputStream(input)))
        .isEqualTo(new Answered(input.length));
    assertThat(answer.toByteArray()).isEqualTo(input);
  }

  @Test
  void run_showsArgumentsAndThePartAndNothingElse() throws Exception {
    assertThat(run(WasmPrograms.introduce(), InputStream.nullInputStream()))
        .isInstanceOf(Answered.class);
    assertThat(answer.toString(StandardCharsets.UTF_8).split("\0"))
        .containsExactly("prog", "größe", "", "KITH_PART=3", "KITH_PARTS=7");
  }

  @Test
  void run_isDeterministicInClockSleepAndRandomness() throws Exception {
    run(WasmPrograms.world(), InputStream.nullInputStream());
    byte[] first = answer.toByteArray();
    answer.reset();
    run(WasmPrograms.world(), InputStream.nullInputStream());
    assertThat(answer.toByteArray()).hasSize(40).isEqualTo(first);
    long slept =
        Long.reverseBytes(Bytes.wrap(first).getLong(16))
            - Long.reverseBytes(Bytes.wrap(first).getLong(8));
    assertThat(slept).isGreaterThanOrEqualTo(TimeUnit.HOURS.toNanos(1));
  }

  @Test
  void run_compilesAModuleOnceAndLoadsItElsewhere() throws Exception {
    Bytes program = WasmPrograms.exit(0, "compiled once");
    run(program, InputStream.nullInputStream());
    List<Path> jars;
    try (var files = Files.list(folder.resolve("programs"))) {
      jars =
          files.filter(f -> f.toString().contains(hash(program).toUnprefixedHexString())).toList();
    }
    assertThat(jars).hasSize(2);
    try (ComputeService other = ComputeService.start(folder, compute.limits())) {
      assertThat(other.prepare(hash(program))).isEmpty();
      assertThat(other.workers()).isZero();
      assertThat(
              other.run(
                  work(program, Duration.ofSeconds(60)), InputStream.nullInputStream(), answer))
          .isEqualTo(new Answered(0));
    }
  }

  @Test
  void run_endsAProgramThatNeverEnds() throws Exception {
    Failed failed = failed(WasmPrograms.forever(), Duration.ofMillis(300));
    assertThat(failed).isEqualTo(new Failed(Reason.TIME, "did not end within 300 ms"));
  }

  @Test
  void run_holdsMemoryToTheLimit() throws Exception {
    Failed failed = failed(WasmPrograms.grow(), Duration.ofSeconds(60));
    assertThat(failed.reason()).isEqualTo(Reason.TRAP);
    assertThat(failed(new WasmAssembler().memory(320).build(), Duration.ofSeconds(60)))
        .isEqualTo(
            new Failed(Reason.MEMORY, "wants 20 MiB of memory at start, 16 MiB are allowed"));
  }

  @Test
  void run_reportsTrapsAndExitCodes() throws Exception {
    Failed trapped = failed(WasmPrograms.trap(), Duration.ofSeconds(60));
    assertThat(trapped.reason()).isEqualTo(Reason.TRAP);
    assertThat(trapped.detail()).contains("unreachable");
    assertThat(failed(WasmPrograms.exit(3, "first line\nno such key\n"), Duration.ofSeconds(60)))
        .isEqualTo(new Failed(Reason.EXIT_CODE, "exit code 3: no such key"));
  }

  @Test
  void run_endsAProgramThatFloodsItsOutput() throws Exception {
    Failed failed = failed(WasmPrograms.flood(), Duration.ofSeconds(60));
    assertThat(failed.reason()).isEqualTo(Reason.ANSWER_TOO_LONG);
    assertThat(answer.size()).isLessThanOrEqualTo(4 << 20);
  }

  @Test
  void run_refusesForeignImportsAndBrokenCode() throws Exception {
    assertThat(failed(WasmPrograms.foreign(), Duration.ofSeconds(60)).reason())
        .isIn(Reason.BAD_MODULE, Reason.TRAP);
    // An addition without operands.
    Failed broken = failed(new WasmAssembler().op(0x6a, 0x1a).build(), Duration.ofSeconds(60));
    assertThat(broken.reason()).isEqualTo(Reason.BAD_MODULE);
  }

  @Test
  void run_interruptedStopsTheProgramAndKeepsTheWorker() throws Exception {
    Bytes program = WasmPrograms.forever();
    add(program);
    compute.prepare(hash(program));
    FutureTask<PartOutcome> run =
        new FutureTask<>(
            () ->
                compute.run(
                    work(program, Duration.ofSeconds(60)), InputStream.nullInputStream(), answer));
    Thread thread = Thread.ofVirtual().start(run);
    await().until(() -> compute.workers() > 0);
    int workers = compute.workers();
    long asked = System.nanoTime();
    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    assertThat(run.state()).isEqualTo(java.util.concurrent.Future.State.FAILED);
    assertThat(run.exceptionNow()).isInstanceOf(InterruptedException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(10));
    assertThat(compute.workers()).isEqualTo(workers);
  }

  @Test
  void run_replacesAWorkerThatWasKilled() throws Exception {
    Bytes program = WasmPrograms.forever();
    add(program);
    compute.prepare(hash(program));
    CountDownLatch reading = new CountDownLatch(1);
    InputStream stdin =
        new ByteArrayInputStream(new byte[0]) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            reading.countDown();
            return super.read(target, offset, length);
          }
        };
    FutureTask<PartOutcome> run =
        new FutureTask<>(() -> compute.run(work(program, Duration.ofSeconds(60)), stdin, answer));
    Thread.ofVirtual().start(run);
    reading.await();
    ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    assertThat(run.get(20, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            Failed.class, f -> assertThat(f.reason()).isEqualTo(Reason.WORKER_LOST));
    assertThat(run(WasmPrograms.exit(0, ""), InputStream.nullInputStream()))
        .isEqualTo(new Answered(0));
  }

  @Test
  void stdinOfARunThatIsOver_doesNotReachTheNextOne() throws Exception {
    try (ComputeService other = ComputeService.start(folder.resolve("stale"), compute.limits())) {
      AtomicReference<Thread> stale = new AtomicReference<>();
      CountDownLatch reading = new CountDownLatch(1);
      CountDownLatch late = new CountDownLatch(1);
      // Reads to its end only when the next run is under way, whoever interrupts it meanwhile.
      InputStream lateEnd =
          new ByteArrayInputStream(new byte[0]) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
              stale.set(Thread.currentThread());
              reading.countDown();
              Uninterruptibles.await(late);
              return -1;
            }
          };
      Bytes ignorant = WasmPrograms.exit(0, "wants no input");
      assertThat(run(other, ignorant, Duration.ofSeconds(60), lateEnd)).isEqualTo(new Answered(0));
      reading.await();
      InputStream next =
          new ByteArrayInputStream("next".getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
              late.countDown();
              Uninterruptibles.join(Objects.requireNonNull(stale.get()));
              return super.read(target, offset, length);
            }
          };
      assertThat(run(other, WasmPrograms.echo(), Duration.ofSeconds(60), next))
          .isEqualTo(new Answered(4));
      assertThat(other.workers()).isEqualTo(1);
    }
  }

  @Test
  void workerThatHadFivePrograms_runsTheFirstAgain() throws Exception {
    try (ComputeService other = ComputeService.start(folder.resolve("five"), compute.limits())) {
      for (int i : new int[] {0, 1, 2, 3, 4, 0, 1}) {
        assertThat(
                run(
                    other,
                    WasmPrograms.exit(0, "program " + i),
                    Duration.ofSeconds(60),
                    InputStream.nullInputStream()))
            .as("program %d", i)
            .isEqualTo(new Answered(0));
      }
      assertThat(other.workers()).isEqualTo(1);
    }
  }

  @Test
  void compiledFormThatWasDroppedForRoom_isMadeAnewByAWarmWorker() throws Exception {
    Path home = folder.resolve("dropped");
    Bytes program = WasmPrograms.exit(0, "compiled twice");
    try (ComputeService other = ComputeService.start(home, compute.limits())) {
      run(other, program, Duration.ofSeconds(60), InputStream.nullInputStream());
      Path jar = jar(home);
      long bytes = Files.size(jar);
      Files.delete(jar);
      assertThat(other.prepare(hash(program))).isEmpty();
      assertThat(jar(home)).hasSize(bytes);
    }
  }

  private static Path jar(Path home) throws IOException {
    try (var files = Files.list(home.resolve("programs"))) {
      return files.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
  }

  @Test
  void workerWhoseCompiledFormCannotBeKept_isNotUsedAgain() throws Exception {
    Path home = Files.createDirectories(folder.resolve("full-disk"));
    Path module = home.resolve("module.wasm");
    Files.write(module, WasmPrograms.echo().toArrayUnsafe());
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    try (WorkerProcess worker = WorkerProcess.start(home, 16)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> worker.load("echo", module, Optional.empty(), full));
      assertThat(worker.usable()).isFalse();
    }
  }

  @Test
  void run_endsAProgramThatReadsWithoutEnd() throws Exception {
    // Reports come all the time, so nobody may wait for a silence to look at the clock.
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            return length;
          }
        };
    FutureTask<PartOutcome> run =
        new FutureTask<>(
            () -> run(compute, WasmPrograms.swallow(), Duration.ofMillis(300), endless));
    Thread thread = Thread.ofVirtual().start(run);
    try {
      assertThat(run.get(30, TimeUnit.SECONDS))
          .isEqualTo(new Failed(Reason.TIME, "did not end within 300 ms"));
    } finally {
      thread.interrupt();
    }
  }

  private PartOutcome run(
      ComputeService service, Bytes program, Duration timeLimit, InputStream stdin)
      throws Exception {
    service.addProgram(hash(program), new ByteArrayInputStream(program.toArray()), program.size());
    return service.run(work(program, timeLimit), stdin, answer);
  }

  /** Waits as a read of a disk does, which no interrupt ends. */
  private static final class Uninterruptibles {
    static void await(CountDownLatch latch) {
      uninterruptibly(
          () -> {
            latch.await();
            return true;
          });
    }

    static void join(Thread thread) {
      uninterruptibly(() -> thread.join(Duration.ofSeconds(20)));
    }

    private static void uninterruptibly(java.util.concurrent.Callable<Boolean> wait) {
      boolean interrupted = false;
      while (true) {
        try {
          assertThat(wait.call()).isTrue();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void close_leavesNoProcess() throws Exception {
    ComputeService other = ComputeService.start(folder.resolve("other"), compute.limits());
    Bytes program = WasmPrograms.echo();
    other.addProgram(hash(program), new ByteArrayInputStream(program.toArray()), program.size());
    other.run(work(program, Duration.ofSeconds(60)), InputStream.nullInputStream(), answer);
    assertThat(other.workers()).isEqualTo(1);
    other.close();
    await().until(() -> other.workers() == 0);
  }

  private PartOutcome run(Bytes program, InputStream stdin) throws Exception {
    add(program);
    return compute.run(work(program, Duration.ofSeconds(60)), stdin, answer);
  }

  private Failed failed(Bytes program, Duration timeLimit) throws Exception {
    add(program);
    return (Failed) compute.run(work(program, timeLimit), InputStream.nullInputStream(), answer);
  }

  private static void add(Bytes program) throws IOException {
    assertThat(
            compute.addProgram(
                hash(program), new ByteArrayInputStream(program.toArray()), program.size()))
        .isTrue();
  }

  private static PartWork work(Bytes program, Duration timeLimit) {
    return new PartWork(hash(program), 3, 7, List.of("prog", "größe", ""), timeLimit);
  }

  private static Bytes32 hash(Bytes program) {
    return Bytes32.wrap(ProgramStore.sha256().digest(program.toArray()));
  }
}
