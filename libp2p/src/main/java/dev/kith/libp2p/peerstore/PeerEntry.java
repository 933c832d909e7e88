package dev.kith.libp2p.peerstore;

import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** What is known of one peer. Guarded by its store; times are milliseconds since 1970. */
final class PeerEntry {
  static final int ADDRESSES_MAX = 32;
  static final int PROTOCOLS_MAX = 128;
  static final int TEXT_MAX = 256;
  static final int ENVELOPE_BYTES_MAX = 4_096;
  static final int METADATA_MAX = 16;
  static final int NAME_MAX = 64;
  static final int VALUE_BYTES_MAX = 1_024;

  final Map<Multiaddr, Address> addresses = new LinkedHashMap<>();
  final Map<String, Bytes> metadata = new HashMap<>();
  List<String> protocols = List.of();
  @Nullable PublicKey key;
  @Nullable Bytes envelope;
  long sequence;
  boolean connected;

  /**
   * One address.
   *
   * @param confirmed grows with each confirmation, of any address of the store
   * @param certified whether the peer has signed it
   * @param heard whether only peers told of it
   */
  record Address(long expiry, long confirmed, boolean certified, boolean heard) {}

  private static final Comparator<Map.Entry<Multiaddr, Address>> BEST_FIRST =
      Comparator.comparing((Map.Entry<Multiaddr, Address> e) -> !e.getValue().certified())
          .thenComparingLong(e -> -e.getValue().confirmed());

  private static final Comparator<Map.Entry<Multiaddr, Address>> WORST_FIRST =
      Comparator.comparing((Map.Entry<Multiaddr, Address> e) -> e.getValue().certified())
          .thenComparingLong(e -> e.getValue().expiry())
          .thenComparingLong(e -> e.getValue().confirmed());

  /** Takes all of another entry, but not whether it is connected. */
  void copy(PeerEntry other) {
    addresses.putAll(other.addresses);
    metadata.putAll(other.metadata);
    protocols = other.protocols;
    key = other.key;
    envelope = other.envelope;
    sequence = other.sequence;
  }

  void add(Collection<Multiaddr> added, Address fresh) {
    for (Multiaddr address : added) {
      addresses.merge(
          address.withoutPeer(),
          fresh,
          (old, _) ->
              new Address(
                  Math.max(old.expiry(), fresh.expiry()),
                  fresh.confirmed(),
                  fresh.certified() || old.certified(),
                  fresh.heard() && old.heard()));
    }
    while (addresses.size() > ADDRESSES_MAX) {
      addresses.remove(addresses.entrySet().stream().min(WORST_FIRST).orElseThrow().getKey());
    }
  }

  /** Addresses that were signed before are no better than others now. */
  void uncertify() {
    addresses.replaceAll((_, a) -> new Address(a.expiry(), a.confirmed(), false, a.heard()));
  }

  List<Multiaddr> best() {
    List<Map.Entry<Multiaddr, Address>> live = new ArrayList<>(addresses.entrySet());
    live.sort(BEST_FIRST);
    return live.stream().map(Map.Entry::getKey).toList();
  }

  void prolong(long expiry) {
    addresses.replaceAll(
        (_, a) ->
            new Address(Math.max(a.expiry(), expiry), a.confirmed(), a.certified(), a.heard()));
  }

  void expire(long now) {
    if (!connected) {
      addresses.values().removeIf(address -> address.expiry() <= now);
    }
  }

  boolean worthless() {
    return addresses.isEmpty() && !connected;
  }

  long lastExpiry() {
    return connected
        ? Long.MAX_VALUE
        : addresses.values().stream().mapToLong(Address::expiry).max().orElse(0);
  }

  /** About what it takes on the wire; in memory it is a few times that. */
  int weight() {
    int bytes = 64;
    for (Multiaddr address : addresses.keySet()) {
      bytes += 16 + address.encoded().size();
    }
    for (String protocol : protocols) {
      bytes += protocol.length();
    }
    for (Map.Entry<String, Bytes> entry : metadata.entrySet()) {
      bytes += entry.getKey().length() + entry.getValue().size();
    }
    return bytes + (envelope == null ? 0 : envelope.size());
  }
}
