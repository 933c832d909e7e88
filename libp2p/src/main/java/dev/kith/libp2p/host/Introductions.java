package dev.kith.libp2p.host;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.record.PeerRecord;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what peers say of themselves. Thread-safe. */
final class Introductions {
  private static final Logger LOG = LoggerFactory.getLogger(Introductions.class);

  private final PeerStore peerStore;

  Introductions(PeerStore peerStore) {
    this.peerStore = peerStore;
  }

  /**
   * What is new about the peer's protocols, if anything.
   *
   * @param info with those addresses only that are believed
   */
  Optional<HostEvent.ProtocolsUpdated> take(PeerId peer, PeerInfo info) {
    Set<String> before = Set.copyOf(peerStore.protocols(peer));
    peerStore.hear(peer, info.listenAddresses(), PeerStore.IDENTIFIED);
    info.signedRecord().ifPresent(envelope -> certify(peer, info.listenAddresses(), envelope));
    peerStore.setProtocols(peer, info.protocols());
    Set<String> added = new TreeSet<>(info.protocols());
    added.removeAll(before);
    Set<String> removed = new TreeSet<>(before);
    removed.removeAll(Set.copyOf(info.protocols()));
    return added.isEmpty() && removed.isEmpty()
        ? Optional.empty()
        : Optional.of(new HostEvent.ProtocolsUpdated(peer, added, removed));
  }

  private void certify(PeerId peer, List<Multiaddr> believed, Bytes envelope) {
    try {
      PeerRecord record = PeerRecord.open(envelope);
      if (!peerStore.certify(record, believed, envelope, PeerStore.IDENTIFIED)) {
        LOG.debug("{} shows an old record of itself", peer);
      }
    } catch (ProtocolViolationException e) {
      throw new IllegalArgumentException("info: its record was not verified", e);
    }
  }
}
