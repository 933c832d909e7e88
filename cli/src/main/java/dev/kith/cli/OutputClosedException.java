package dev.kith.cli;

import java.io.IOException;

/** The program that read our stdout went away, as {@code head} does. No message is due. */
final class OutputClosedException extends IOException {
  private static final long serialVersionUID = 1L;

  OutputClosedException(IOException cause) {
    super("stdout was closed", cause);
  }
}
