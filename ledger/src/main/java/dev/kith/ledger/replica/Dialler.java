package dev.kith.ledger.replica;

import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.PeerStore;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.UnsupportedProtocolException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;

/** Opens streams to peers, looking them up where the address book does not lead to them. */
record Dialler(Host host, PeerFinder finder) {
  Stream open(PeerId peer, Duration timeout, String protocol)
      throws IOException, InterruptedException {
    try {
      return host.open(peer, timeout, protocol);
    } catch (UnsupportedProtocolException e) {
      throw e; // the peer was there
    } catch (IOException e) {
      Collection<Multiaddr> found = finder.find(peer);
      if (found.isEmpty()) {
        throw e;
      }
      host.addressBook().hear(peer, found, PeerStore.HEARSAY);
      return host.open(peer, timeout, protocol);
    }
  }
}
