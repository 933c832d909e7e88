package dev.kith.libp2p.transport;

import dev.kith.libp2p.resource.MemoryAccount;

/** The bytes of one connection that wait to be sent. Thread-safe. */
public final class SendMemory {
  private final int connectionMax;
  private final MemoryAccount account;

  /**
   * Counts in an account of the connection.
   *
   * @param connectionMax bytes of the connection before its writers have to wait
   * @param account such as {@link dev.kith.libp2p.resource.ConnectionScope#sending}
   */
  public SendMemory(int connectionMax, MemoryAccount account) {
    this.connectionMax = connectionMax;
    this.account = account;
  }

  /**
   * What may wait at this moment before writers have to: an eighth, where the peer's connections or
   * all together have more waiting than they should.
   */
  public long connectionMax() {
    return account.withinBounds() ? connectionMax : connectionMax / 8;
  }

  /** Counts bytes that wait, or no longer do if negative. */
  public void add(long bytes) {
    account.add(bytes);
  }
}
