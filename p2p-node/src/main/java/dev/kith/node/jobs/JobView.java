package dev.kith.node.jobs;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.Problem;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A job as shown to people. Times are milliseconds since 1970.
 *
 * @param state RUNNING, DONE, or how it ended otherwise
 * @param problem why it ended without an answer, for programs
 * @param reason the same for people, one line
 * @param parts empty in summaries
 */
public record JobView(
    Bytes32 job,
    String program,
    State state,
    Optional<Problem> problem,
    Optional<String> reason,
    long openedMillis,
    Optional<Long> endedMillis,
    Optional<PeerId> coordinator,
    int partsTotal,
    int partsDone,
    long outputBytes,
    Optional<Bytes32> outputHash,
    List<Part> parts) {
  public JobView {
    parts = List.copyOf(parts);
  }

  public enum State {
    RUNNING,
    DONE,
    FAILED,
    CANCELLED
  }

  /** A part with all its attempts. */
  public record Part(int part, List<Attempt> attempts, Optional<PeerId> firstResponder) {
    public Part {
      attempts = List.copyOf(attempts);
    }
  }

  /** One peer's try at a part. */
  public record Attempt(
      PeerId peer,
      long startedMillis,
      Optional<Long> endedMillis,
      Outcome outcome,
      String detail) {}

  public enum Outcome {
    RUNNING,
    FIRST,
    LATE,
    CANCELLED,
    FAILED,
    LOST
  }
}
