package dev.kith.libp2p.resource;

/**
 * What is in use at one moment.
 *
 * @param connectionsInbound connections that remotes opened
 * @param connectionsOutbound connections that this host opened
 * @param streamsInbound streams that remotes opened
 * @param streamsOutbound streams that this host opened
 * @param receivedBytes received and not read
 * @param growthBytes by which receive windows exceed their first size
 * @param sendingBytes waiting to be sent
 */
public record Usage(
    int connectionsInbound,
    int connectionsOutbound,
    int streamsInbound,
    int streamsOutbound,
    long receivedBytes,
    long growthBytes,
    long sendingBytes) {

  /** Nothing at all. */
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0);

  /** Connections of both directions. */
  public int connections() {
    return connectionsInbound + connectionsOutbound;
  }

  /** Streams of both directions. */
  public int streams() {
    return streamsInbound + streamsOutbound;
  }
}
