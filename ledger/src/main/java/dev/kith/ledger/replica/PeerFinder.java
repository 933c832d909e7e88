package dev.kith.ledger.replica;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Looks a peer's addresses up, where the address book has none that work. */
@FunctionalInterface
public interface PeerFinder {
  /** Finds nobody. */
  PeerFinder NONE = peer -> List.of();

  /** Addresses to try; may block for a few seconds. */
  Collection<Multiaddr> find(PeerId peer) throws IOException, InterruptedException;
}
