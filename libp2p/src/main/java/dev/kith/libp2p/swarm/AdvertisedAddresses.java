package dev.kith.libp2p.swarm;

import dev.kith.libp2p.multiaddr.Component;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Protocol;
import dev.kith.libp2p.multiaddr.Reach;
import java.util.List;
import java.util.stream.Stream;

/** What a host tells peers of where it is. */
final class AdvertisedAddresses {
  /** Addresses that peers have seen, beside those where the host listens; as go-libp2p. */
  static final int OBSERVED_MAX = 3;

  private AdvertisedAddresses() {}

  /**
   * Where it listens, and where it was seen: a router stands between, and hands on what comes
   * there, to all or to some. Private addresses tell nothing to those who are elsewhere.
   *
   * @param observed those seen by enough witnesses, the best first
   */
  static List<Multiaddr> of(List<Multiaddr> listening, List<Multiaddr> observed) {
    Stream<Multiaddr> seen =
        observed.stream()
            .filter(address -> !listening.contains(address))
            .filter(address -> address.ip().filter(ip -> Reach.of(ip) == Reach.PUBLIC).isPresent())
            .filter(
                address ->
                    listening.stream().anyMatch(own -> transport(own).equals(transport(address))))
            .limit(OBSERVED_MAX);
    return Stream.concat(listening.stream(), seen).toList();
  }

  private static List<Protocol> transport(Multiaddr address) {
    return address.components().stream().skip(1).map(Component::protocol).toList();
  }
}
