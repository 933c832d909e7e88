package dev.kith.libp2p.transport;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the inbound connections of a host that have not proved who they are. Thread-safe. */
public final class Handshakes {
  private final int max;
  private final AtomicInteger underWay = new AtomicInteger();

  /** At most {@code max} at once, over all transports. */
  public Handshakes(int max) {
    this.max = max;
  }

  /** Takes a place; false where none is left. Whoever has one calls {@link #end}, once. */
  public boolean begin() {
    if (underWay.incrementAndGet() <= max) {
      return true;
    }
    underWay.decrementAndGet();
    return false;
  }

  public void end() {
    underWay.decrementAndGet();
  }

  /**
   * Whether so many are under way that a remote should do more than this host before it is served.
   */
  public boolean crowded() {
    return underWay.get() >= Math.max(1, max / 4);
  }

  public boolean full() {
    return underWay.get() >= max;
  }
}
