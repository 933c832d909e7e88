package dev.kith.node.jobs;

import dev.kith.ledger.Ledger;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes32;

/** One who waits for a job, and takes its answer as it grows. One thread uses it. */
final class JobAwait {
  private static final long PROGRESS_MILLIS = 100;
  private static final long PACE_MILLIS = 20;
  private static final long POLL_MILLIS = 500;
  private static final long STALL_MILLIS_MAX = 30_000;

  /** So often a silent {@code out} is asked whether its reader is still there. */
  private static final long FLUSH_MILLIS = 1_000;

  private final Bytes32 job;
  private final CountedOutput out;
  private final Consumer<JobView> progress;
  private long progressAt = Long.MIN_VALUE;
  private long flushedAt = millis();

  JobAwait(Bytes32 job, OutputStream out, Consumer<JobView> progress) {
    this.job = job;
    this.out = new CountedOutput(out);
    this.progress = progress;
  }

  /** A job that this peer coordinates; empty when it does not do so any more. */
  Optional<JobView> follow(JobRun run, Ledger ledger) throws IOException, InterruptedException {
    RunState state = run.state();
    long stalledSince = Long.MAX_VALUE;
    int written = 0;
    long seen = -1;
    while (true) {
      RunState.Glance glance = state.awaitChange(seen, POLL_MILLIS);
      if (glance.prefix() > written) {
        run.book().transferTo(written, glance.prefix(), out);
        written = glance.prefix();
      }
      flush();
      if (glance.over()) {
        return Optional.of(state.summary());
      }
      if (glance.abandoned()) {
        return Optional.empty();
      }
      if (glance.changes() != seen) {
        seen = glance.changes();
        progress(state.summary());
      }
      if (glance.sealing() && ledger.status().stalled()) {
        stalledSince = Math.min(stalledSince, millis());
        if (millis() - stalledSince > STALL_MILLIS_MAX) {
          throw new NodeException(
              Problem.LEDGER_STALLED,
              "every part is answered, but the ledger stalls; the job ends by itself when it goes"
                  + " on");
        }
      } else {
        stalledSince = Long.MAX_VALUE;
      }
      Thread.sleep(PACE_MILLIS);
    }
  }

  /** A job that ended here before. */
  JobView ended(JobFolder folder) throws IOException {
    JobView last = folder.ended().orElseThrow();
    if (last.state() == JobView.State.DONE) {
      try (AnswerBook book = new AnswerBook(folder.path())) {
        book.transferTo(0, last.partsTotal(), out);
      }
    }
    return JobReports.withoutParts(last);
  }

  /** A job that another peer coordinates or coordinated: by the ledger, then from the store. */
  JobView elsewhere(JobReports reports, JobStore store, BooleanSupplier closed)
      throws IOException, InterruptedException {
    while (true) {
      JobView view = reports.summary(reports.row(job));
      if (view.state() == JobView.State.DONE) {
        store.readOutput(job, out.count, out);
      }
      if (view.state() != JobView.State.RUNNING) {
        return view;
      }
      if (closed.getAsBoolean()) {
        throw new IOException("this peer is being stopped; the job goes on with it");
      }
      progress(view);
      flush();
      Thread.sleep(POLL_MILLIS);
    }
  }

  private void flush() throws IOException {
    if (millis() - flushedAt >= FLUSH_MILLIS) {
      flushedAt = millis();
      out.flush();
    }
  }

  private void progress(JobView view) {
    if (millis() - progressAt >= PROGRESS_MILLIS || progressAt == Long.MIN_VALUE) {
      progressAt = millis();
      progress.accept(view);
    }
  }

  private static long millis() {
    return System.nanoTime() / 1_000_000;
  }

  /** Knows how much was written, should the rest have to come from elsewhere. */
  private static final class CountedOutput extends OutputStream {
    private final OutputStream out;
    private long count;

    CountedOutput(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
