package dev.kith.node;

import java.io.IOException;
import java.util.Objects;

/** A request was refused or failed, with the reason told apart by {@link Problem}. */
public final class NodeException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Problem problem;

  /**
   * @param message one line for people: what is wrong, with the name of the thing
   */
  public NodeException(Problem problem, String message) {
    super(message);
    this.problem = Objects.requireNonNull(problem);
  }

  public NodeException(Problem problem, String message, Throwable cause) {
    super(message, cause);
    this.problem = Objects.requireNonNull(problem);
  }

  public Problem problem() {
    return problem;
  }
}
