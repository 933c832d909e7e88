package dev.kith.cli;

import dev.kith.node.FullDisk;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;

/**
 * Why a command ended without what was asked for: a line for people, a name and an exit code for
 * programs.
 *
 * @param problem a name of {@link Problem}
 */
record Failure(Problem problem, String message, ExitCode code) {
  static Failure of(NodeException e) {
    return new Failure(e.problem(), Kith.oneLine(e.getMessage()), ExitCode.of(e.problem()));
  }

  /** Of a file of this device. */
  static Failure of(IOException e) {
    return of(
        FullDisk.caused(e) ? Problem.DISK_FULL : Problem.BAD_REQUEST, LocalErrors.describe(e));
  }

  static Failure of(Problem problem, String message) {
    return new Failure(problem, message, ExitCode.of(problem));
  }

  /** Whether the next request would fail of the same. */
  boolean ofTheDaemon() {
    return switch (code) {
      case NOT_REACHABLE, TIMED_OUT, BUG, NO_SPACE -> true;
      default -> false;
    };
  }

  JsonText json() {
    return JsonText.object()
        .with("problem", problem)
        .with("message", message)
        .with("exitCode", code.code());
  }
}
