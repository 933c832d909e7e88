package dev.kith.node.jobs.attempt;

import java.io.IOException;

/** An answer could not be kept on this device's own disk: no peer is to blame. */
public final class SpoolFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  SpoolFailedException(IOException cause) {
    super("an answer cannot be kept: " + cause.getMessage(), cause);
  }
}
