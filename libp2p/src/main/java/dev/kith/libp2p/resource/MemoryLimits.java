package dev.kith.libp2p.resource;

/**
 * Bounds of memory, in bytes, over all connections and for each peer.
 *
 * @param received what was received and not read yet
 * @param receivedPerPeer the same, of one peer
 * @param growth by how much receive windows together may exceed their first size
 * @param growthPerPeer the same, of one peer
 * @param sending what waits to be sent; beyond it writers wait sooner
 * @param sendingPerPeer the same, to one peer
 */
public record MemoryLimits(
    long received,
    long receivedPerPeer,
    long growth,
    long growthPerPeer,
    long sending,
    long sendingPerPeer) {

  private static final long LEAST = 16L << 20;

  /** Fails with {@link IllegalArgumentException} where a peer has no share. */
  public MemoryLimits {
    if (receivedPerPeer < 1 || growthPerPeer < 0 || sendingPerPeer < 1) {
      throw new IllegalArgumentException("memory: no share for a peer");
    }
  }

  /**
   * Bounds that suit this JVM's heap: a quarter of it for what was received, and for windows, 16
   * MiB at the least; 64 MiB to send. A peer gets half of each at most, so that none can starve the
   * rest.
   */
  public static MemoryLimits ofHeap() {
    long share = Math.max(LEAST, Runtime.getRuntime().maxMemory() / 4);
    return new MemoryLimits(share, share / 2, share, share / 2, 64L << 20, 32L << 20);
  }
}
