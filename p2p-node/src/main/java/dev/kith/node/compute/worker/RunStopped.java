package dev.kith.node.compute.worker;

import dev.kith.node.compute.worker.WorkerMessage.End;
import java.io.Serial;

/**
 * Ends a program from inside a host call. Unchecked, since WASI turns an {@link
 * java.io.IOException} into an error code that the program may ignore.
 */
final class RunStopped extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final End end;

  private RunStopped(End end, String message) {
    super(message, null, false, false);
    this.end = end;
  }

  static RunStopped cancelled() {
    return new RunStopped(End.CANCELLED, "cancelled");
  }

  static RunStopped answerTooLong(long bytesMax) {
    return new RunStopped(
        End.ANSWER_TOO_LONG, "the answer is longer than the " + bytesMax + " bytes allowed");
  }

  End end() {
    return end;
  }
}
