package dev.kith.node.compute;

/** What became of a run that nobody cancelled. */
public sealed interface PartOutcome {
  /**
   * The program ended with exit code 0.
   *
   * @param bytes of the answer, which the caller's stream has
   */
  record Answered(long bytes) implements PartOutcome {}

  /**
   * @param detail one line for people, at most 1,000 characters
   */
  record Failed(Reason reason, String detail) implements PartOutcome {}

  /** Why a run failed. The order is on the wire: append only. */
  enum Reason {
    /** The program ended with another exit code than 0. */
    EXIT_CODE,
    TRAP,
    MEMORY,
    TIME,
    ANSWER_TOO_LONG,
    /** The module is damaged or uses what the runtime does not know. */
    BAD_MODULE,
    /** The worker process died; another try may succeed. */
    WORKER_LOST
  }
}
