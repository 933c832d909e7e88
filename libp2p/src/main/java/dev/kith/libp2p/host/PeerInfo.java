package dev.kith.libp2p.host;

import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * What a peer says of itself (libp2p/specs identify). Strings are as received, cut to the bounds in
 * docs/limits.md.
 *
 * @param protocolVersion of the network that it is one of, as far as it says so
 * @param agentVersion the program that it runs
 * @param listenAddresses where it listens; those of the signed record, where there is one. What
 *     listeners are told of a remote has only those that are believed
 * @param protocols what it serves
 * @param observedAddress where it sees the one whom it tells
 * @param signedRecord its {@link dev.kith.libp2p.record.PeerRecord} in its envelope; of a remote,
 *     it was verified
 */
public record PeerInfo(
    String protocolVersion,
    String agentVersion,
    List<Multiaddr> listenAddresses,
    List<String> protocols,
    Optional<Multiaddr> observedAddress,
    Optional<Bytes> signedRecord) {

  /** Copies both lists. */
  public PeerInfo {
    listenAddresses = List.copyOf(listenAddresses);
    protocols = List.copyOf(protocols);
  }

  /** Without a signed record. */
  public PeerInfo(
      String protocolVersion,
      String agentVersion,
      List<Multiaddr> listenAddresses,
      List<String> protocols,
      Optional<Multiaddr> observedAddress) {
    this(
        protocolVersion,
        agentVersion,
        listenAddresses,
        protocols,
        observedAddress,
        Optional.empty());
  }

  /** This, with other addresses. */
  public PeerInfo withListenAddresses(List<Multiaddr> addresses) {
    return new PeerInfo(
        protocolVersion, agentVersion, addresses, protocols, observedAddress, signedRecord);
  }

  /** This, with the addresses of a signed record. */
  public PeerInfo certified(List<Multiaddr> addresses, Bytes envelope) {
    return new PeerInfo(
        protocolVersion,
        agentVersion,
        addresses,
        protocols,
        observedAddress,
        Optional.of(envelope));
  }
}
