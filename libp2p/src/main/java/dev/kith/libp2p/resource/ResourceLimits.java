package dev.kith.libp2p.resource;

/**
 * The bounds of a host's resources.
 *
 * @param system of everything
 * @param transients of connections whose peer, and of streams whose protocol is not known yet
 * @param peer of one peer
 * @param protocol of the streams of one protocol
 * @param protocolPeer of the streams of one protocol to one peer
 * @param connectionsPerSubnet inbound connections of one IPv4 address, or one /56 of IPv6
 * @param handshakesPerSubnet those among them that have not proved who they are
 * @param loopbackBounded whether the bounds of subnets hold for this very machine too
 * @param memory of what is buffered
 */
public record ResourceLimits(
    ScopeLimits system,
    ScopeLimits transients,
    ScopeLimits peer,
    ScopeLimits protocol,
    ScopeLimits protocolPeer,
    int connectionsPerSubnet,
    int handshakesPerSubnet,
    boolean loopbackBounded,
    MemoryLimits memory) {

  /**
   * Bounds that suit a daemon.
   *
   * <p>1,024 connections take about 30 MiB; a quarter of them is kept for those that this host
   * wants. A stream that is served takes about 8 KiB. A subscriber's 64 connections let the devices
   * behind one router in, and an attacker with one address no more than a twelfth.
   */
  public static final ResourceLimits STANDARD =
      new ResourceLimits(
          new ScopeLimits(768, 1_024, 1_024, 8_192, 8_192, 12_288),
          new ScopeLimits(128, 512, 512, 2_048, 4_096, 4_096),
          new ScopeLimits(8, 8, 8, 1_024, 1_024, 1_536),
          ScopeLimits.ofStreams(6_144, 6_144, 8_192),
          ScopeLimits.ofStreams(512, 512, 768),
          64,
          16,
          false,
          MemoryLimits.ofHeap());

  /** Fails with {@link IllegalArgumentException} where nobody could connect. */
  public ResourceLimits {
    if (connectionsPerSubnet < 1 || handshakesPerSubnet < 1) {
      throw new IllegalArgumentException("subnets: no connection may be made");
    }
  }

  /** These, with other bounds of everything. */
  public ResourceLimits withSystem(ScopeLimits limits) {
    return new ResourceLimits(
        limits,
        transients,
        peer,
        protocol,
        protocolPeer,
        connectionsPerSubnet,
        handshakesPerSubnet,
        loopbackBounded,
        memory);
  }

  /** These, with other bounds of handshakes and of streams without a protocol. */
  public ResourceLimits withTransients(ScopeLimits limits) {
    return new ResourceLimits(
        system,
        limits,
        peer,
        protocol,
        protocolPeer,
        connectionsPerSubnet,
        handshakesPerSubnet,
        loopbackBounded,
        memory);
  }

  /** These, with other bounds of one peer. */
  public ResourceLimits withPeer(ScopeLimits limits) {
    return new ResourceLimits(
        system,
        transients,
        limits,
        protocol,
        protocolPeer,
        connectionsPerSubnet,
        handshakesPerSubnet,
        loopbackBounded,
        memory);
  }

  /** These, with other bounds of one protocol's streams to one peer. */
  public ResourceLimits withProtocolPeer(int inbound, int outbound, int both) {
    return new ResourceLimits(
        system,
        transients,
        peer,
        protocol,
        ScopeLimits.ofStreams(inbound, outbound, both),
        connectionsPerSubnet,
        handshakesPerSubnet,
        loopbackBounded,
        memory);
  }

  /**
   * These, with other bounds of a subnet, which hold for this very machine too where it is said.
   */
  public ResourceLimits withSubnets(int connections, int handshakes, boolean loopback) {
    return new ResourceLimits(
        system,
        transients,
        peer,
        protocol,
        protocolPeer,
        connections,
        handshakes,
        loopback,
        memory);
  }

  /** These, with other bounds of memory. */
  public ResourceLimits withMemory(MemoryLimits limits) {
    return new ResourceLimits(
        system,
        transients,
        peer,
        protocol,
        protocolPeer,
        connectionsPerSubnet,
        handshakesPerSubnet,
        loopbackBounded,
        limits);
  }
}
