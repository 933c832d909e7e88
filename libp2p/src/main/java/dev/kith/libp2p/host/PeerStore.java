package dev.kith.libp2p.host;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.record.PeerRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * What a host knows of other peers: addresses, each for a time, and what goes with them for as long
 * as there are any. Thread-safe and bounded: a peer that would be one too many takes the place of
 * those whose addresses expire first. Never blocks for long, and never fails: it is a cache.
 */
public interface PeerStore extends AddressBook {
  /** How long an address counts that somebody else told, such as a DHT. */
  Duration HEARSAY = Duration.ofMinutes(10);

  /** How long an address counts that the peer told itself. */
  Duration IDENTIFIED = Duration.ofHours(1);

  /** How long an address counts that a user or an invitation gave. */
  Duration CONFIGURED = Duration.ofDays(7);

  /** As {@link #add}, for addresses that peers told and that {@link Host#believed} let through. */
  void hear(PeerId peer, Collection<Multiaddr> addresses, Duration timeToLive);

  /** Whether only peers told of an address: nobody has added it. */
  boolean hearsay(PeerId peer, Multiaddr address);

  /**
   * Takes addresses of a record that was verified, as {@link #hear}. They come first from now on.
   *
   * @param believed those of its addresses that are believed
   * @param envelope what the record was read from, to be passed on
   * @return false where a record of a higher number is known, and this one ignored
   */
  boolean certify(
      PeerRecord record, Collection<Multiaddr> believed, Bytes envelope, Duration timeToLive);

  /** The last record that the peer signed, in its envelope. */
  Optional<Bytes> signedRecord(PeerId peer);

  /** What the peer serves, in place of what was known. */
  void setProtocols(PeerId peer, Collection<String> protocols);

  /** What the peer serves, as far as it is known. */
  List<String> protocols(PeerId peer);

  /** Remembers a key, from which the peer's id follows. */
  void addKey(PublicKey key);

  /** The peer's key, remembered or from its id. */
  Optional<PublicKey> key(PeerId peer);

  /**
   * Remembers something for a component that uses this host.
   *
   * @param name at most 64 characters; a peer has at most 16
   * @param value at most 1,024 bytes; empty takes it away
   */
  void setMetadata(PeerId peer, String name, Bytes value);

  /** What {@link #setMetadata} remembered. */
  Optional<Bytes> metadata(PeerId peer, String name);

  /** While a peer is connected, what is known of it does not expire. */
  void connected(PeerId peer);

  /** Its addresses live for a while longer. */
  void disconnected(PeerId peer);

  /** Drops all that is known of a peer. */
  void forget(PeerId peer);
}
