package dev.kith.libp2p.swarm;

import dev.kith.libp2p.yamux.YamuxLimits;
import java.time.Duration;

/**
 * The bounds of each connection of a host. How many there may be of everything is said by {@link
 * dev.kith.libp2p.resource.ResourceLimits}.
 *
 * @param handshakeTimeout how long a connection may take until it can carry streams
 * @param negotiationTimeout how long the remote may take to name an inbound stream's protocol
 * @param pendingBytesMax bytes of one connection that may wait to be sent before writers wait
 * @param streams the bounds of each connection's streams
 */
public record SwarmLimits(
    Duration handshakeTimeout,
    Duration negotiationTimeout,
    int pendingBytesMax,
    YamuxLimits streams) {

  public static final SwarmLimits STANDARD =
      new SwarmLimits(
          Duration.ofSeconds(15), Duration.ofSeconds(15), 2 << 20, YamuxLimits.STANDARD);

  /** Fails with {@link IllegalArgumentException} where no frame fits. */
  public SwarmLimits {
    if (pendingBytesMax < 64 << 10) {
      throw new IllegalArgumentException("pending bytes: less than a frame");
    }
  }

  /** These, with another time for handshakes. */
  public SwarmLimits withHandshakeTimeout(Duration timeout) {
    return new SwarmLimits(timeout, negotiationTimeout, pendingBytesMax, streams);
  }
}
