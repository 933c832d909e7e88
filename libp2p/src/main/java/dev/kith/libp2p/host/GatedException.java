package dev.kith.libp2p.host;

import java.io.IOException;

/** The {@link ConnectionGater} refused. It has no stack trace, as floods of it must cost little. */
public final class GatedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With what was refused. */
  public GatedException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
