package dev.kith.dht.transfer;

import java.io.IOException;

/** A holder was asked for a chunk and does not have it, or cannot read it. */
public final class MissingChunkException extends IOException {
  private static final long serialVersionUID = 1L;

  public MissingChunkException(String message) {
    super(message);
  }
}
