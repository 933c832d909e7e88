package dev.kith.node.api;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.jobs.JobView;

/** How a job's end is told to those who wait for its answer. */
final class JobEnds {
  private JobEnds() {}

  /** Returns where the job is done; otherwise throws what became of it. */
  static void check(JobView view) throws NodeException {
    switch (view.state()) {
      case DONE, RUNNING -> {}
      case CANCELLED, FAILED ->
          throw new NodeException(
              view.problem().orElse(Problem.PART_FAILED),
              "the job has no answer: " + view.reason().orElse("no reason given"));
    }
  }
}
