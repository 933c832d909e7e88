package dev.kith.node.api;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.jobs.JobService;
import dev.kith.node.jobs.JobView;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Remembers what it is asked to start, and answers as told. */
final class ScriptedJobs implements JobService {
  static final Bytes32 JOB = Bytes32.repeat((byte) 0x5a);

  volatile Optional<JobRequest> started = Optional.empty();
  volatile JobView.State end = JobView.State.DONE;

  /** A job that is silent and never ends. */
  volatile boolean silent;

  final AtomicInteger waiting = new AtomicInteger();
  volatile List<JobView.Part> parts = List.of();
  volatile Optional<Problem> problem = Optional.empty();

  @Override
  public ProgramNeeds inspect(Bytes program) throws IOException {
    if (!program.equals(Bytes.wrap("wasm".getBytes(StandardCharsets.UTF_8)))) {
      throw new NodeException(Problem.BAD_PROGRAM, "this is no WASM module");
    }
    return new ProgramNeeds("wasm", 4, List.of("runtime.wasm"), 65_536, Optional.empty());
  }

  @Override
  public Bytes32 start(JobRequest request) {
    started = Optional.of(request);
    return JOB;
  }

  @Override
  public JobView await(Bytes32 job, OutputStream out, Consumer<JobView> progress)
      throws IOException, InterruptedException {
    if (silent) {
      waiting.incrementAndGet();
      try {
        while (!new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS)) {
          out.flush();
        }
      } finally {
        waiting.decrementAndGet();
      }
    }
    progress.accept(view(JobView.State.RUNNING, 1));
    out.write("answer".getBytes(StandardCharsets.UTF_8));
    return view(end, 2);
  }

  @Override
  public JobView show(Bytes32 job) throws IOException {
    if (!job.equals(JOB)) {
      throw new NodeException(Problem.NOT_FOUND, "no such job");
    }
    return view(end, 2);
  }

  @Override
  public List<JobView> list(int limit) {
    return List.of(view(end, 2));
  }

  @Override
  public void cancel(Bytes32 job, String reason) {
    end = JobView.State.CANCELLED;
  }

  private JobView view(JobView.State state, int done) {
    return new JobView(
        JOB,
        "prog.wasm",
        state,
        problem,
        problem.map(Problem::name),
        1000,
        Optional.empty(),
        Optional.empty(),
        2,
        done,
        6,
        Optional.empty(),
        parts);
  }
}
