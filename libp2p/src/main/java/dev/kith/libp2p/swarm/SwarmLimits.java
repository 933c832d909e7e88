package dev.kith.libp2p.swarm;

import dev.kith.libp2p.yamux.YamuxLimits;
import java.time.Duration;

/**
 * The bounds of a TCP host.
 *
 * @param connectionsMax connections in all; a further inbound one is closed
 * @param connectionsPerPeerMax connections to one peer; a further one is closed
 * @param handshakesMax inbound connections that have not proved who they are
 * @param handshakeTimeout how long a connection may take until it can carry streams
 * @param negotiationTimeout how long the remote may take to name an inbound stream's protocol
 * @param pendingBytesMax bytes of one connection that may wait to be sent before writers wait
 * @param pendingBytesTotal the same over all connections; beyond it, each is held to an eighth
 * @param streams the bounds of each connection's streams
 */
public record SwarmLimits(
    int connectionsMax,
    int connectionsPerPeerMax,
    int handshakesMax,
    Duration handshakeTimeout,
    Duration negotiationTimeout,
    int pendingBytesMax,
    long pendingBytesTotal,
    YamuxLimits streams) {

  public static final SwarmLimits STANDARD =
      new SwarmLimits(
          1_024,
          8,
          128,
          Duration.ofSeconds(15),
          Duration.ofSeconds(15),
          2 << 20,
          64 << 20,
          YamuxLimits.STANDARD);

  public SwarmLimits {
    if (connectionsMax < 1 || connectionsPerPeerMax < 1 || handshakesMax < 1) {
      throw new IllegalArgumentException("connections: none may be made");
    }
    if (pendingBytesMax < 64 << 10 || pendingBytesTotal < pendingBytesMax) {
      throw new IllegalArgumentException("pending bytes: less than a frame");
    }
  }

  /** These, with another time for handshakes. */
  public SwarmLimits withHandshakeTimeout(Duration timeout) {
    return new SwarmLimits(
        connectionsMax,
        connectionsPerPeerMax,
        handshakesMax,
        timeout,
        negotiationTimeout,
        pendingBytesMax,
        pendingBytesTotal,
        streams);
  }

  /** These, with another number of inbound connections in their handshake. */
  public SwarmLimits withHandshakesMax(int max) {
    return new SwarmLimits(
        connectionsMax,
        connectionsPerPeerMax,
        max,
        handshakeTimeout,
        negotiationTimeout,
        pendingBytesMax,
        pendingBytesTotal,
        streams);
  }
}
