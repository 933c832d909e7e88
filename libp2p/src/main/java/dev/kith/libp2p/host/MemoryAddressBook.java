package dev.kith.libp2p.host;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An address book on the heap. */
public final class MemoryAddressBook implements AddressBook {
  /** Peers that are remembered at most. */
  public static final int PEERS_MAX = 10_000;

  /** Addresses that are remembered of each. */
  public static final int ADDRESSES_MAX = 32;

  private final InstantSource clock;
  private final int peersMax;
  private final Map<PeerId, Map<Multiaddr, Entry>> peers = new HashMap<>();
  private long sequence;

  private record Entry(Instant expiry, long confirmed) {}

  public MemoryAddressBook(InstantSource clock) {
    this(clock, PEERS_MAX);
  }

  MemoryAddressBook(InstantSource clock, int peersMax) {
    this.clock = clock;
    this.peersMax = peersMax;
  }

  @Override
  public synchronized void add(PeerId peer, Collection<Multiaddr> addresses, Duration timeToLive) {
    if (addresses.isEmpty() || timeToLive.isNegative() || timeToLive.isZero()) {
      return;
    }
    Instant now = clock.instant();
    Instant expiry = now.plus(timeToLive);
    if (!peers.containsKey(peer) && peers.size() >= peersMax) {
      makeRoom(now);
    }
    Map<Multiaddr, Entry> known = peers.computeIfAbsent(peer, p -> new HashMap<>());
    long confirmed = ++sequence;
    for (Multiaddr address : addresses) {
      known.merge(
          address.withoutPeer(),
          new Entry(expiry, confirmed),
          (old, fresh) ->
              old.expiry().isAfter(expiry) ? new Entry(old.expiry(), confirmed) : fresh);
    }
    while (known.size() > ADDRESSES_MAX) {
      known.remove(oldest(known));
    }
  }

  @Override
  public synchronized List<Multiaddr> addresses(PeerId peer) {
    Map<Multiaddr, Entry> known = peers.get(peer);
    if (known == null) {
      return List.of();
    }
    prune(peer, known, clock.instant());
    List<Map.Entry<Multiaddr, Entry>> live = new ArrayList<>(known.entrySet());
    live.sort(
        Comparator.comparingLong((Map.Entry<Multiaddr, Entry> e) -> e.getValue().confirmed())
            .reversed());
    return live.stream().map(Map.Entry::getKey).toList();
  }

  @Override
  public synchronized Set<PeerId> peers() {
    Instant now = clock.instant();
    for (PeerId peer : List.copyOf(peers.keySet())) {
      prune(peer, peers.getOrDefault(peer, Map.of()), now);
    }
    return new HashSet<>(peers.keySet());
  }

  private void prune(PeerId peer, Map<Multiaddr, Entry> known, Instant now) {
    known.values().removeIf(entry -> !entry.expiry().isAfter(now));
    if (known.isEmpty()) {
      peers.remove(peer);
    }
  }

  /** Walks all peers, which is why it drops a sixteenth of them at once. */
  private void makeRoom(Instant now) {
    peers();
    if (peers.size() < peersMax) {
      return;
    }
    peers.entrySet().stream()
        .sorted(Comparator.comparing(e -> latest(e.getValue(), now)))
        .limit(Math.max(1, peersMax / 16))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(peers::remove);
  }

  private static Instant latest(Map<Multiaddr, Entry> known, Instant now) {
    return known.values().stream().map(Entry::expiry).max(Comparator.naturalOrder()).orElse(now);
  }

  private static Multiaddr oldest(Map<Multiaddr, Entry> known) {
    return known.entrySet().stream()
        .min(
            Comparator.comparing((Map.Entry<Multiaddr, Entry> e) -> e.getValue().expiry())
                .thenComparingLong(e -> e.getValue().confirmed()))
        .orElseThrow()
        .getKey();
  }
}
