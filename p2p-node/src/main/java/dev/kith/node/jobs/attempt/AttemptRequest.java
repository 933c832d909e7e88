package dev.kith.node.jobs.attempt;

import dev.kith.node.compute.PartWork;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.tuweni.bytes.Bytes32;

/**
 * What a coordinator asks of a peer.
 *
 * @param rank 0 for the racer that is to run first; see {@link
 *     dev.kith.node.compute.PartExecutor#enter}
 * @param programBytes length of the program, which the peer asks for where it has it not
 * @param timeLimitMillis of processor time for the part, at least 1
 */
public record AttemptRequest(
    Bytes32 task,
    int part,
    int parts,
    int rank,
    Bytes32 program,
    int programBytes,
    long timeLimitMillis,
    List<String> arguments) {
  public AttemptRequest {
    Objects.requireNonNull(task, "task");
    if (rank < 0 || rank > 255) {
      throw new IllegalArgumentException("rank: " + rank);
    }
    arguments = List.copyOf(arguments);
    work(program, part, parts, arguments, timeLimitMillis);
  }

  /** Its part for the executor. */
  PartWork work() {
    return work(program, part, parts, arguments, timeLimitMillis);
  }

  private static PartWork work(
      Bytes32 program, int part, int parts, List<String> arguments, long timeLimitMillis) {
    return new PartWork(program, part, parts, arguments, Duration.ofMillis(timeLimitMillis));
  }
}
