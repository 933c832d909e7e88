package dev.kith.dht.blockstore;

import java.io.IOException;

/** There is no room for a group. */
public final class StoreFullException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is spent. */
  public enum Limit {
    /** What the device's owner lends to the mesh. */
    QUOTA,
    /** The disk. */
    DISK
  }

  private final Limit limit;

  public StoreFullException(Limit limit, String message) {
    super(message);
    this.limit = limit;
  }

  public Limit limit() {
    return limit;
  }
}
