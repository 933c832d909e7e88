package dev.kith.node.jobs;

import dev.kith.ledger.TaskRow;
import dev.kith.ledger.record.TaskVoid;
import dev.kith.node.Problem;
import java.util.Optional;

/**
 * Why a job has no answer. On the ledger it is one line, the problem's name first: {@code
 * PART_FAILED: part 3 failed on 3 peers: exit code 1}.
 */
record JobEnd(Problem problem, String reason) {
  JobView.State state() {
    return problem == Problem.CANCELLED ? JobView.State.CANCELLED : JobView.State.FAILED;
  }

  String line() {
    String oneLine = problem.name() + ": " + reason.replaceAll("\\p{Cntrl}+", " ").strip();
    return JobViewCodec.cut(oneLine, TaskVoid.REASON_BYTES_MAX);
  }

  /** Empty while the job runs, and when it has an answer. */
  static Optional<JobEnd> of(TaskRow row, long chainMillis) {
    if (row.voided().isPresent() || row.seal().isPresent()) {
      return row.voided().map(JobEnd::parse);
    }
    return chainMillis > row.open().deadlineMillis()
        ? Optional.of(new JobEnd(Problem.TIMED_OUT, "not done in the time that it was given"))
        : Optional.empty();
  }

  static JobEnd parse(String line) {
    int colon = line.indexOf(": ");
    if (colon > 0) {
      for (Problem problem : Problem.values()) {
        if (problem.name().equals(line.substring(0, colon))) {
          return new JobEnd(problem, line.substring(colon + 2));
        }
      }
    }
    return new JobEnd(Problem.CANCELLED, line);
  }
}
