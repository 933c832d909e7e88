package dev.kith.libp2p.identify;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Subnet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where peers say that they see this host: candidates for addresses that others can reach, such as
 * those of a router. One liar, or many at one site, must not make one: an address counts once
 * enough peers at different sites have seen it lately. Not thread-safe; times are nanoseconds of
 * any monotonic clock.
 *
 * <p>A candidate is not verified: to be seen at an address is not yet to be reachable there.
 */
final class ObservedAddresses {
  /** Witnesses that an address needs, as many as go-libp2p asks for. */
  static final int WITNESSES = 4;

  /** Addresses that are remembered; the one that was seen least recently goes. */
  static final int ADDRESSES_MAX = 64;

  /** Sites that are remembered for each address. */
  static final int SITES_MAX = 32;

  /** How long a sighting counts. */
  static final long LIFE_NANOS = 30L * 60 * 1_000_000_000;

  /** The least recently seen first; each with its sites, and when each saw it last. */
  private final LinkedHashMap<Multiaddr, Map<Object, Long>> seen =
      new LinkedHashMap<>(16, 0.75f, true);

  /**
   * A peer sees this host at an address.
   *
   * @param from where the peer is; peers without an IP count for themselves
   */
  void sighted(Multiaddr address, PeerId peer, Multiaddr from, long now) {
    if (!plausible(address)) {
      return;
    }
    Object site = from.ip().<Object>map(Subnet::ofSite).orElse(peer);
    Map<Object, Long> sites = seen.computeIfAbsent(address, _ -> new HashMap<>());
    sites.values().removeIf(at -> now - at > LIFE_NANOS);
    if (sites.size() < SITES_MAX || sites.containsKey(site)) {
      sites.put(site, now);
    }
    if (seen.size() > ADDRESSES_MAX) {
      Iterator<Multiaddr> eldest = seen.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  /** Only what a transport of this host could listen on: no names, no relays, no wildcards. */
  private static boolean plausible(Multiaddr address) {
    return address.peer().isEmpty()
        && address.components().size() >= 2
        && address
            .ip()
            .filter(ip -> !ip.isAnyLocalAddress() && !ip.isMulticastAddress())
            .isPresent();
  }

  /** The candidates, those with most witnesses first. */
  List<Multiaddr> candidates(long now) {
    Map<Multiaddr, Long> witnesses = new HashMap<>();
    List<Multiaddr> candidates = new ArrayList<>();
    seen.forEach(
        (address, sites) -> {
          long live = sites.values().stream().filter(at -> now - at <= LIFE_NANOS).count();
          if (live >= WITNESSES) {
            witnesses.put(address, live);
            candidates.add(address);
          }
        });
    candidates.sort(
        Comparator.comparingLong((Multiaddr a) -> -witnesses.getOrDefault(a, 0L))
            .thenComparing(Multiaddr::toString));
    return candidates;
  }
}
