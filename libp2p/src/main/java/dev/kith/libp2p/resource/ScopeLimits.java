package dev.kith.libp2p.resource;

/**
 * The bounds of one scope, in numbers of things that are open at one time. Sums may be below what
 * both directions add up to: what one direction leaves free the other may use.
 *
 * @param connectionsInbound connections that remotes opened
 * @param connectionsOutbound connections that this host opened
 * @param connections both together
 * @param streamsInbound streams that remotes opened
 * @param streamsOutbound streams that this host opened
 * @param streams both together
 */
public record ScopeLimits(
    int connectionsInbound,
    int connectionsOutbound,
    int connections,
    int streamsInbound,
    int streamsOutbound,
    int streams) {

  /** Fails with {@link IllegalArgumentException} where a bound is negative. */
  public ScopeLimits {
    if (connectionsInbound < 0 || connectionsOutbound < 0 || connections < 0) {
      throw new IllegalArgumentException("connections: a negative bound");
    }
    if (streamsInbound < 0 || streamsOutbound < 0 || streams < 0) {
      throw new IllegalArgumentException("streams: a negative bound");
    }
  }

  /** Bounds of connections; of streams there are none. */
  static ScopeLimits ofConnections(int inbound, int outbound, int both) {
    return new ScopeLimits(
        inbound, outbound, both, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** Bounds of streams; of connections there are none. */
  static ScopeLimits ofStreams(int inbound, int outbound, int both) {
    return new ScopeLimits(
        Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, inbound, outbound, both);
  }

  /** These, with other bounds of connections. */
  public ScopeLimits withConnections(int inbound, int outbound, int both) {
    return new ScopeLimits(inbound, outbound, both, streamsInbound, streamsOutbound, streams);
  }

  /** These, with other bounds of streams. */
  public ScopeLimits withStreams(int inbound, int outbound, int both) {
    return new ScopeLimits(
        connectionsInbound, connectionsOutbound, connections, inbound, outbound, both);
  }
}
