package dev.kith.libp2p.host;

import java.io.IOException;

/** The stream was reset, by the remote or by this side, before both directions were closed. */
public final class StreamResetException extends IOException {
  private static final long serialVersionUID = 1L;

  public StreamResetException(String message) {
    super(message);
  }
}
