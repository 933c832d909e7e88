package dev.kith.node.jobs.attempt;

import dev.kith.node.compute.PartExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The coordinator's own device as a racer, without the network. */
final class LocalAttempts {
  private final PartRunner runner;

  LocalAttempts(PartRunner runner) {
    this.runner = runner;
  }

  AttemptResult run(AttemptRequest request, AttemptInput input)
      throws IOException, InterruptedException {
    Optional<PartExecutor.Turn> entered = runner.executor().enter(request.rank());
    if (entered.isEmpty()) {
      return new AttemptResult.Busy();
    }
    try (PartExecutor.Turn turn = entered.get()) {
      if (!runner.executor().hasProgram(request.program())) {
        try (InputStream program = input.openProgram()) {
          if (!runner.executor().addProgram(request.program(), program, request.programBytes())) {
            throw new IllegalStateException("the job's program does not have its hash");
          }
        }
      }
      try (InputStream stdin = input.openStdin()) {
        return runner.run(request, turn, stdin);
      }
    }
  }
}
