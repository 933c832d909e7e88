package dev.kith.node.jobs.attempt;

import dev.kith.node.compute.PartOutcome.Reason;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** How an attempt ended that was not cancelled. */
public sealed interface AttemptResult {
  /**
   * A valid answer: its hash and the worker's signature were checked.
   *
   * @param spool to be closed by whoever takes the result
   */
  record Answered(AnswerSpool spool, Bytes32 hash, Bytes signature) implements AttemptResult {}

  record Failed(Reason reason, String detail) implements AttemptResult {}

  /** The peer has no room now. */
  record Busy() implements AttemptResult {}

  /** The peer cannot be reached, went away, or broke the protocol. */
  record Lost(String detail) implements AttemptResult {}
}
