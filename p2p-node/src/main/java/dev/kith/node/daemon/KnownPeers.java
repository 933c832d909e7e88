package dev.kith.node.daemon;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.datastore.Datastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostListener;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.host.PeerStore;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes;

/**
 * Sees to it that the peer store remembers for long where members listen, so that a realm whose
 * peers were all off finds itself again, whoever starts first. Thread-safe.
 */
final class KnownPeers implements HostListener {
  /** How many addresses of a peer are kept. */
  private static final int ADDRESSES_MAX = 8;

  /** How long a remembered address is tried; identify prolongs it. */
  private static final Duration LIFE = PeerStore.CONFIGURED;

  /** What membership adds to a peer's value at the connection manager. */
  private static final int WORTH = 100;

  private static final byte[] PREFIX = "peers/".getBytes(StandardCharsets.US_ASCII);

  private final Host host;
  private final Datastore store;
  private final Predicate<PeerId> member;

  /**
   * @param member whether a peer is worth remembering
   */
  KnownPeers(Host host, Datastore store, Predicate<PeerId> member) {
    this.host = host;
    this.store = store;
    this.member = member;
  }

  /** Takes over what earlier versions remembered in the index of the DHT. */
  void recall() throws IOException {
    Datastore.Batch taken = new Datastore.Batch();
    store.scan(
        PREFIX,
        (key, value) -> {
          PeerId peer = PeerId.fromBytes(Bytes.wrap(key).slice(PREFIX.length));
          host.addressBook().add(peer, decode(value), LIFE);
          taken.delete(key);
          return true;
        });
    if (!taken.changes().isEmpty()) {
      store.write(taken, false);
    }
  }

  /** Puts addresses that end with {@code /p2p} into the address book. */
  void add(Collection<Multiaddr> addresses) {
    for (Multiaddr address : addresses) {
      address.peer().ifPresent(peer -> host.addressBook().add(peer, List.of(address), LIFE));
    }
  }

  @Override
  public void connected(PeerId peer) {
    if (member.test(peer)) {
      host.connectionManager().tag(peer, "member", WORTH);
    }
  }

  @Override
  public void identified(PeerId peer, PeerInfo info) {
    if (member.test(peer) && !info.listenAddresses().isEmpty()) {
      List<Multiaddr> listens =
          info.listenAddresses().subList(0, Math.min(ADDRESSES_MAX, info.listenAddresses().size()));
      host.addressBook().hear(peer, listens, LIFE);
    }
  }

  /** Each as u16 length and bytes. */
  private static List<Multiaddr> decode(byte[] value) throws IOException {
    List<Multiaddr> addresses = new ArrayList<>();
    Bytes rest = Bytes.wrap(value);
    while (rest.size() >= 2) {
      int length = ((rest.get(0) & 0xff) << 8) | (rest.get(1) & 0xff);
      if (length > rest.size() - 2) {
        throw new ProtocolViolationException("peers: a damaged entry");
      }
      addresses.add(Multiaddr.decode(rest.slice(2, length)));
      rest = rest.slice(2 + length);
    }
    return addresses;
  }
}
