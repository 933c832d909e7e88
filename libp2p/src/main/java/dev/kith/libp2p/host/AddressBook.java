package dev.kith.libp2p.host;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Addresses of peers, each with an expiry. Thread-safe and bounded; the oldest expiry goes first.
 */
public interface AddressBook {
  /** Adds addresses, or prolongs those that are known. A {@code /p2p} suffix is cut off. */
  void add(PeerId peer, Collection<Multiaddr> addresses, Duration timeToLive);

  /** Those not expired, most recently confirmed first. */
  List<Multiaddr> addresses(PeerId peer);

  Set<PeerId> peers();
}
