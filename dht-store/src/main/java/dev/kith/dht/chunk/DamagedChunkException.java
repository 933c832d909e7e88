package dev.kith.dht.chunk;

import java.io.IOException;

/** Stored or received bytes are not the chunk that they should be. */
public final class DamagedChunkException extends IOException {
  private static final long serialVersionUID = 1L;

  public DamagedChunkException(String message) {
    super(message);
  }

  public DamagedChunkException(String message, Throwable cause) {
    super(message, cause);
  }
}
