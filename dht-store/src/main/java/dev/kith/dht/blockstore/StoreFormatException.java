package dev.kith.dht.blockstore;

import java.io.IOException;

/** The folder was written by another version of Kith, or is no store at all. */
public final class StoreFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public StoreFormatException(String message) {
    super(message);
  }
}
