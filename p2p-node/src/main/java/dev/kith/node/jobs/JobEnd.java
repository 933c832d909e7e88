package dev.kith.node.jobs;

import dev.kith.ledger.record.TaskVoid;
import dev.kith.node.Problem;

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
