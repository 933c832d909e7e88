package dev.kith.node.compute;

import dev.kith.node.compute.worker.MessageCodec;
import dev.kith.node.compute.worker.WorkerMessage;
import dev.kith.node.compute.worker.WorkerMessage.Cancel;
import dev.kith.node.compute.worker.WorkerMessage.Command;
import dev.kith.node.compute.worker.WorkerMessage.Compiled;
import dev.kith.node.compute.worker.WorkerMessage.End;
import dev.kith.node.compute.worker.WorkerMessage.Ended;
import dev.kith.node.compute.worker.WorkerMessage.Load;
import dev.kith.node.compute.worker.WorkerMessage.Loaded;
import dev.kith.node.compute.worker.WorkerMessage.Report;
import dev.kith.node.compute.worker.WorkerMessage.Run;
import dev.kith.node.compute.worker.WorkerMessage.Stdin;
import dev.kith.node.compute.worker.WorkerMessage.StdinEnd;
import dev.kith.node.compute.worker.WorkerMessage.StdinWanted;
import dev.kith.node.compute.worker.WorkerMessage.Stdout;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker process, used by one thread at a time. A platform thread reads its reports (a pipe
 * read would hold a carrier of virtual threads), a virtual one feeds stdin during a run.
 */
final class WorkerProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);

  /** How long a cancelled program may take to notice. */
  private static final Duration CANCEL_GRACE = Duration.ofMillis(500);

  /** What ExitOnOutOfMemoryError makes the JVM exit with. */
  static final int OUT_OF_MEMORY = 3;

  private static final Duration LOAD_TIME_MAX = Duration.ofMinutes(2);
  private static final long POLL_NANOS = 100_000_000;

  /** A run may wait for its input this much longer than it may compute. */
  private static final int WALL_FACTOR = 3;

  private final Process process;
  private final DataOutputStream commands;

  /** Empty = the process is gone. A full queue lets the worker wait at its pipe. */
  private final BlockingQueue<Optional<Report>> reports = new ArrayBlockingQueue<>(8);

  private final Thread reader = Thread.ofPlatform().daemon().unstarted(this::read);

  /** What the worker says that it has. */
  private final Set<String> loaded = new HashSet<>();

  private volatile boolean usable = true;

  private WorkerProcess(Process process) {
    this.process = process;
    this.commands =
        new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
  }

  static WorkerProcess start(Path folder, int memoryMiB) throws IOException {
    WorkerProcess worker = new WorkerProcess(WorkerCommand.start(folder, memoryMiB));
    String name = "worker-" + worker.process.pid();
    worker.reader.setName(name);
    worker.reader.start();
    Thread.ofPlatform().daemon().name(name + "-stderr").start(worker::log);
    return worker;
  }

  boolean usable() {
    return usable && process.isAlive();
  }

  boolean hasLoaded(String program) {
    return loaded.contains(program);
  }

  long pid() {
    return process.pid();
  }

  /**
   * Makes a program ready; not interruptible, but bounded.
   *
   * @param compiled gets the compiled form where the worker had to make it
   * @return empty when it is ready
   */
  Optional<Ended> load(String program, Path module, Optional<Path> jar, OutputStream compiled)
      throws IOException {
    boolean ended = false;
    try {
      Optional<Ended> failure = awaitLoaded(program, module, jar, compiled);
      ended = true;
      return failure;
    } finally {
      if (!ended) {
        close(); // It still loads, or reports; whoever took it next would hear that.
      }
    }
  }

  private Optional<Ended> awaitLoaded(
      String program, Path module, Optional<Path> jar, OutputStream compiled) throws IOException {
    send(new Load(program, module.toString(), jar.map(Path::toString).orElse("")));
    long deadline = System.nanoTime() + LOAD_TIME_MAX.toNanos();
    while (true) {
      Optional<Report> report = pollUninterruptibly(deadline);
      switch (report.orElse(null)) {
        case Compiled part -> write(compiled, part.bytes());
        case Loaded now -> {
          loaded.remove(now.evicted());
          loaded.add(program);
          return Optional.empty();
        }
        case Ended ended -> {
          usable = ended.end() != End.INTERNAL;
          return Optional.of(ended);
        }
        case StdinWanted _, Stdout _ -> throw broken("a report of a run during a load");
        case null -> {
          return Optional.of(unloaded(System.nanoTime() >= deadline));
        }
      }
    }
  }

  /** Only a module that spends its time or memory is to blame; a worker may also be killed. */
  private Ended unloaded(boolean outOfTime) {
    int exitCode = outOfTime ? 0 : exitCode();
    close();
    return outOfTime || exitCode == OUT_OF_MEMORY
        ? new Ended(End.BAD_MODULE, 0, "cannot be compiled in the memory and time allowed", "")
        : new Ended(End.INTERNAL, 0, "it ended with code " + exitCode + " while loading", "");
  }

  /** What became of a run, seen from outside. */
  sealed interface RunResult {
    record Finished(Ended ended) implements RunResult {}

    record OutOfTime() implements RunResult {}

    record Died(int exitCode) implements RunResult {}
  }

  /** Runs a loaded program. An interrupt cancels it; the worker is usable afterwards or closed. */
  RunResult run(Run run, Duration timeLimit, InputStream stdin, OutputStream stdout)
      throws IOException, InterruptedException {
    Semaphore window = new Semaphore(WorkerMessage.STDIN_WINDOW);
    long cpuLimit = cpuNanos() + timeLimit.toNanos();
    long wallLimit = System.nanoTime() + WALL_FACTOR * timeLimit.toNanos();
    send(run);
    Feed feed = new Feed(stdin, window);
    Thread feeder = Thread.ofVirtual().name("stdin-" + pid()).start(feed);
    long checkAt = System.nanoTime() + POLL_NANOS;
    boolean over = false;
    try {
      while (true) {
        Optional<Report> report = reports.poll(checkAt - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (report != null) {
          switch (report.orElse(null)) {
            case Stdout part -> write(stdout, part.bytes());
            case StdinWanted wanted -> window.release(wanted.bytes());
            case Ended ended -> {
              over = true;
              usable = ended.end() != End.INTERNAL;
              return new RunResult.Finished(ended);
            }
            case Compiled _, Loaded _ -> throw broken("a report of a load during a run");
            case null -> {
              over = true;
              usable = false;
              return new RunResult.Died(exitCode());
            }
          }
        }
        // By the clock, not by silence: a program that reads or writes steadily is never silent.
        if (System.nanoTime() - checkAt >= 0) {
          if (cpuNanos() > cpuLimit || System.nanoTime() - wallLimit > 0) {
            return new RunResult.OutOfTime();
          }
          checkAt = System.nanoTime() + POLL_NANOS;
        }
      }
    } finally {
      feed.end();
      feeder.interrupt();
      if (!over) {
        cancel();
      }
    }
  }

  private void cancel() {
    try {
      send(new Cancel());
      long deadline = System.nanoTime() + CANCEL_GRACE.toNanos();
      while (true) {
        Optional<Report> report = pollUninterruptibly(deadline);
        if (report.isEmpty()) {
          close();
          return;
        }
        if (report.get() instanceof Ended ended) {
          usable = ended.end() != End.INTERNAL;
          return;
        }
      }
    } catch (IOException e) {
      close();
    }
  }

  /**
   * Feeds one run. The worker may have its next run before this thread notices that its own is over
   * (its input may block, or it was never scheduled), so nothing is sent without a look at that.
   */
  private final class Feed implements Runnable {
    private final InputStream stdin;
    private final Semaphore window;
    private boolean over;

    Feed(InputStream stdin, Semaphore window) {
      this.stdin = stdin;
      this.window = window;
    }

    @Override
    public void run() {
      byte[] buffer = new byte[WorkerMessage.DATA_BYTES_MAX];
      try {
        while (true) {
          int count = stdin.read(buffer, 0, buffer.length);
          if (count < 0) {
            send(new StdinEnd());
            return;
          }
          window.acquire(count);
          if (!send(new Stdin(ByteBuffer.wrap(buffer, 0, count)))) {
            return;
          }
        }
      } catch (IOException | InterruptedException e) {
        // Either the run is over, or the input failed: whoever gave the input cancels the run then.
        LOG.debug("stdin of worker {} ended early", pid(), e);
      }
    }

    /** Returns false when the run is over. */
    private boolean send(Command command) throws IOException {
      synchronized (commands) {
        if (!over) {
          WorkerProcess.this.send(command);
        }
        return !over;
      }
    }

    /** From here on nothing of this run reaches the worker. */
    void end() {
      synchronized (commands) {
        over = true;
      }
    }
  }

  /** Writers are the run's thread and its feeder. */
  private void send(Command command) throws IOException {
    synchronized (commands) {
      MessageCodec.write(commands, command);
    }
  }

  /** Empty at the deadline, and when the process is gone. */
  private Optional<Report> pollUninterruptibly(long deadline) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          Optional<Report> report =
              reports.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
          return report == null ? Optional.empty() : report;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void read() {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16))) {
      while (true) {
        reports.put(Optional.of(MessageCodec.readReport(in)));
      }
    } catch (IOException e) {
      LOG.debug("worker {} is gone", pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    usable = false;
    process.destroyForcibly();
    try {
      reports.put(Optional.empty());
    } catch (InterruptedException e) {
      // Closed. Whoever still waits for a report has room in the queue, which close() emptied.
      boolean told = reports.offer(Optional.empty());
      LOG.debug("worker {} was closed, told {}", pid(), told);
    }
  }

  private void log() {
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      lines.lines().limit(10_000).forEach(line -> LOG.warn("worker {}: {}", pid(), line));
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("stderr of worker {} ended", pid(), e);
    }
  }

  private long cpuNanos() {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  private int exitCode() {
    try {
      return process.waitFor(1, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  private IOException broken(String what) {
    close();
    return new IOException("worker " + pid() + " broke its protocol: " + what);
  }

  private static void write(OutputStream out, ByteBuffer bytes) throws IOException {
    out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  /** Kills the process. */
  @Override
  public void close() {
    usable = false;
    process.destroyForcibly();
    reports.clear();
    reader.interrupt();
  }
}
