package dev.kith.libp2p.host;

import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.List;
import java.util.Optional;

/**
 * What a peer says of itself (libp2p/specs identify). Strings are as received, cut to the bounds in
 * docs/limits.md.
 */
public record PeerInfo(
    String protocolVersion,
    String agentVersion,
    List<Multiaddr> listenAddresses,
    List<String> protocols,
    Optional<Multiaddr> observedAddress) {

  public PeerInfo {
    listenAddresses = List.copyOf(listenAddresses);
    protocols = List.copyOf(protocols);
  }
}
