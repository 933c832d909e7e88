package dev.kith.node.daemon;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.datastore.Datastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostListener;
import dev.kith.libp2p.host.PeerInfo;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers over restarts where members listen, so that a realm whose peers were all off finds
 * itself again, whoever starts first. Thread-safe.
 */
final class KnownPeers implements HostListener {
  /** How many addresses of a peer are kept. */
  private static final int ADDRESSES_MAX = 8;

  /** How long a remembered address is tried; identify prolongs it. */
  private static final Duration LIFE = Duration.ofDays(7);

  private static final byte[] PREFIX = "peers/".getBytes(StandardCharsets.US_ASCII);
  private static final Logger log = LoggerFactory.getLogger(KnownPeers.class);

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

  /** Puts what is remembered into the address book. */
  void recall() throws IOException {
    store.scan(
        PREFIX,
        (key, value) -> {
          PeerId peer = PeerId.fromBytes(Bytes.wrap(key).slice(PREFIX.length));
          host.addressBook().add(peer, decode(value), LIFE);
          return true;
        });
  }

  /** Puts addresses that end with {@code /p2p} into the address book. */
  void add(Collection<Multiaddr> addresses) {
    for (Multiaddr address : addresses) {
      address.peer().ifPresent(peer -> host.addressBook().add(peer, List.of(address), LIFE));
    }
  }

  @Override
  public void identified(PeerId peer, PeerInfo info) {
    if (!member.test(peer) || info.listenAddresses().isEmpty()) {
      return;
    }
    List<Multiaddr> listens =
        info.listenAddresses().subList(0, Math.min(ADDRESSES_MAX, info.listenAddresses().size()));
    host.addressBook().add(peer, listens, LIFE);
    try {
      Datastore.Batch batch = new Datastore.Batch().put(key(peer), encode(listens));
      store.write(batch, false);
    } catch (IOException e) {
      log.warn("the addresses of {} were not saved: {}", peer, e.getMessage());
    }
  }

  private static byte[] key(PeerId peer) {
    return Bytes.concatenate(Bytes.wrap(PREFIX), peer.multihash()).toArray();
  }

  /** Each as u16 length and bytes. */
  private static byte[] encode(List<Multiaddr> addresses) {
    List<Bytes> parts = new ArrayList<>();
    for (Multiaddr address : addresses) {
      Bytes encoded = address.encoded();
      parts.add(Bytes.of((byte) (encoded.size() >>> 8), (byte) encoded.size()));
      parts.add(encoded);
    }
    return Bytes.concatenate(parts).toArray();
  }

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
