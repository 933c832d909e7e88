package dev.kith.testnet.sim;

/** A simulation went wrong; the message names the invariant, the scenario and the seed. */
public final class InvariantBrokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvariantBrokenException(String message) {
    super(message);
  }
}
