package dev.kith.libp2p.peerstore;

import dev.kith.libp2p.host.PeerStore;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.record.PeerRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** A peer store on the heap. Guarded by one lock, under which no other is taken. */
public class MemoryPeerStore implements PeerStore {
  /** Peers that are remembered at most. */
  public static final int PEERS_MAX = 10_000;

  /** Addresses that are remembered of each. */
  public static final int ADDRESSES_MAX = PeerEntry.ADDRESSES_MAX;

  /** What all entries may weigh together, as they are encoded. */
  static final long WEIGHT_MAX = 16L << 20;

  private final InstantSource clock;
  private final int peersMax;
  private final Map<PeerId, PeerEntry> peers = new HashMap<>();

  /** Peers that have changed since they were last asked for; null where nobody asks. */
  private final @Nullable Set<PeerId> changed;

  private long confirmations = 1;
  private long weight;

  /** An empty store of up to {@link #PEERS_MAX} peers. */
  public MemoryPeerStore(InstantSource clock) {
    this(clock, PEERS_MAX, false);
  }

  MemoryPeerStore(InstantSource clock, int peersMax, boolean tellsChanges) {
    this.clock = clock;
    this.peersMax = peersMax;
    this.changed = tellsChanges ? new HashSet<>() : null;
  }

  /** Changes one entry, which is made where it is not there and {@code make} says so. */
  private void change(PeerId peer, boolean make, Consumer<PeerEntry> change) {
    PeerEntry entry = peers.get(peer);
    if (entry == null) {
      if (!make) {
        return;
      }
      entry = new PeerEntry();
      peers.put(peer, entry);
    } else {
      weight -= entry.weight();
    }
    change.accept(entry);
    weight += entry.weight();
    touched(peer);
    if (peers.size() > peersMax || weight > WEIGHT_MAX) {
      makeRoom(peer);
    }
  }

  private void touched(PeerId peer) {
    if (changed != null) {
      changed.add(peer);
    }
  }

  @Override
  public synchronized void add(PeerId peer, Collection<Multiaddr> addresses, Duration timeToLive) {
    put(peer, addresses, timeToLive, false);
  }

  @Override
  public synchronized void hear(PeerId peer, Collection<Multiaddr> addresses, Duration timeToLive) {
    put(peer, addresses, timeToLive, true);
  }

  private void put(
      PeerId peer, Collection<Multiaddr> addresses, Duration timeToLive, boolean heard) {
    if (!addresses.isEmpty() && timeToLive.isPositive()) {
      PeerEntry.Address fresh =
          new PeerEntry.Address(
              clock.millis() + timeToLive.toMillis(), ++confirmations, false, heard);
      change(peer, true, entry -> entry.add(addresses, fresh));
    }
  }

  @Override
  public synchronized boolean hearsay(PeerId peer, Multiaddr address) {
    return entry(peer)
        .map(entry -> entry.addresses.get(address.withoutPeer()))
        .filter(PeerEntry.Address::heard)
        .isPresent();
  }

  @Override
  public synchronized boolean certify(
      PeerRecord record, Collection<Multiaddr> believed, Bytes envelope, Duration timeToLive) {
    PeerEntry known = peers.get(record.peer());
    if (known != null
        && known.envelope != null
        && Long.compareUnsigned(record.sequence(), known.sequence) < 0) {
      return false;
    }
    PeerEntry.Address fresh =
        new PeerEntry.Address(clock.millis() + timeToLive.toMillis(), ++confirmations, true, true);
    change(
        record.peer(),
        true,
        entry -> {
          entry.uncertify();
          entry.add(believed, fresh);
          entry.sequence = record.sequence();
          entry.envelope = envelope.size() <= PeerEntry.ENVELOPE_BYTES_MAX ? envelope : null;
        });
    return true;
  }

  @Override
  public synchronized Optional<Bytes> signedRecord(PeerId peer) {
    return entry(peer).map(entry -> entry.envelope);
  }

  private Optional<PeerEntry> entry(PeerId peer) {
    PeerEntry entry = peers.get(peer);
    if (entry == null) {
      return Optional.empty();
    }
    weight -= entry.weight();
    entry.expire(clock.millis());
    weight += entry.weight();
    if (entry.worthless()) {
      forget(peer);
      return Optional.empty();
    }
    return Optional.of(entry);
  }

  @Override
  public synchronized List<Multiaddr> addresses(PeerId peer) {
    return entry(peer).map(PeerEntry::best).orElse(List.of());
  }

  @Override
  public synchronized void setProtocols(PeerId peer, Collection<String> protocols) {
    List<String> kept =
        protocols.stream()
            .filter(protocol -> protocol.length() <= PeerEntry.TEXT_MAX)
            .limit(PeerEntry.PROTOCOLS_MAX)
            .toList();
    if (!protocols(peer).equals(kept)) {
      change(peer, false, entry -> entry.protocols = kept);
    }
  }

  @Override
  public synchronized List<String> protocols(PeerId peer) {
    return entry(peer).map(entry -> entry.protocols).orElse(List.of());
  }

  @Override
  public synchronized void addKey(PublicKey key) {
    PeerId peer = key.peerId();
    if (peer.publicKey().isEmpty()) {
      change(peer, false, entry -> entry.key = key);
    }
  }

  @Override
  public synchronized Optional<PublicKey> key(PeerId peer) {
    return peer.publicKey().or(() -> entry(peer).map(entry -> entry.key));
  }

  @Override
  public synchronized void setMetadata(PeerId peer, String name, Bytes value) {
    if (name.length() > PeerEntry.NAME_MAX || value.size() > PeerEntry.VALUE_BYTES_MAX) {
      throw new IllegalArgumentException("metadata: " + name + " of " + value.size() + " bytes");
    }
    change(
        peer,
        false,
        entry -> {
          if (value.isEmpty()) {
            entry.metadata.remove(name);
          } else if (entry.metadata.size() < PeerEntry.METADATA_MAX
              || entry.metadata.containsKey(name)) {
            entry.metadata.put(name, value.copy());
          }
        });
  }

  @Override
  public synchronized Optional<Bytes> metadata(PeerId peer, String name) {
    return entry(peer).map(entry -> entry.metadata.get(name));
  }

  @Override
  public synchronized void connected(PeerId peer) {
    change(peer, true, entry -> entry.connected = true);
  }

  @Override
  public synchronized void disconnected(PeerId peer) {
    long expiry = clock.millis() + IDENTIFIED.toMillis();
    change(
        peer,
        false,
        entry -> {
          entry.connected = false;
          entry.prolong(expiry);
        });
    PeerEntry entry = peers.get(peer);
    if (entry != null && entry.worthless()) {
      forget(peer);
    }
  }

  @Override
  public synchronized void forget(PeerId peer) {
    PeerEntry entry = peers.remove(peer);
    if (entry != null) {
      weight -= entry.weight();
      touched(peer);
    }
  }

  @Override
  public synchronized Set<PeerId> peers() {
    collect();
    Set<PeerId> known = new HashSet<>();
    peers.forEach(
        (peer, entry) -> {
          if (!entry.addresses.isEmpty()) {
            known.add(peer);
          }
        });
    return known;
  }

  /**
   * Drops what has expired. Addresses of peers that are connected live on, as long as one that was
   * identified just now.
   */
  final synchronized void collect() {
    long now = clock.millis();
    long fresh = now + IDENTIFIED.toMillis();
    for (PeerId peer : List.copyOf(peers.keySet())) {
      PeerEntry entry = peers.get(peer);
      if (entry == null) {
        continue;
      }
      int before = entry.addresses.size();
      weight -= entry.weight();
      if (entry.connected) {
        entry.prolong(fresh);
        touched(peer);
      }
      entry.expire(now);
      weight += entry.weight();
      if (entry.worthless()) {
        forget(peer);
      } else if (entry.addresses.size() < before) {
        touched(peer);
      }
    }
  }

  /** Walks all peers, which is why it drops a sixteenth of them at once. */
  private void makeRoom(PeerId spared) {
    collect();
    if (peers.size() <= peersMax && weight <= WEIGHT_MAX) {
      return;
    }
    peers.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(spared))
        .sorted(Comparator.comparingLong(entry -> entry.getValue().lastExpiry()))
        .limit(Math.max(1, peers.size() / 16))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::forget);
  }

  // ---- for a store that writes itself down ----

  /** Puts in what was written down; {@code null} entries of the past are told as changes. */
  final synchronized void recall(PeerId peer, PeerEntry entry) {
    entry.expire(clock.millis());
    if (!entry.worthless()) {
      change(peer, true, empty -> empty.copy(entry));
    }
  }

  /** What has changed since the last call: each peer's encoded entry, or null where it is gone. */
  final synchronized Map<PeerId, byte @Nullable []> changes() {
    Map<PeerId, byte @Nullable []> changes = new HashMap<>();
    if (changed != null) {
      for (PeerId peer : changed) {
        PeerEntry entry = peers.get(peer);
        changes.put(
            peer, entry == null || entry.addresses.isEmpty() ? null : PeerEntryCodec.encode(entry));
      }
      changed.clear();
    }
    return changes;
  }

  /** They could not be written: they count as changed again. */
  final synchronized void unwritten(Set<PeerId> again) {
    if (changed != null) {
      changed.addAll(again);
    }
  }
}
