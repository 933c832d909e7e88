package dev.kith.dht.placement;

import dev.kith.libp2p.multiaddr.Multiaddr;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A part of the network that may fail as a whole: a declared site, a /24 of IPv4, a /48 of IPv6.
 *
 * @param name such as {@code site:attic}, {@code ip4:7f0001}, {@code ip6:20010db80001}
 */
public record Segment(String name) {
  private static final int IP4_BYTES = 3;
  private static final int IP6_BYTES = 6;

  /**
   * The segments of a peer. A declared site says more than addresses, which one house may have
   * several of and two houses may share behind a provider, so it replaces them.
   *
   * @param site as declared, or empty
   */
  public static Set<Segment> of(String site, Collection<Multiaddr> addresses) {
    if (!site.isBlank()) {
      return Set.of(new Segment("site:" + site.strip()));
    }
    return addresses.stream()
        .map(Multiaddr::ip)
        .flatMap(Optional::stream)
        .map(Segment::of)
        .collect(Collectors.toUnmodifiableSet());
  }

  static Segment of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return switch (address) {
      case Inet4Address _ -> new Segment("ip4:" + prefix(bytes, IP4_BYTES));
      case Inet6Address _ -> new Segment("ip6:" + prefix(bytes, IP6_BYTES));
      default -> throw new IllegalArgumentException("address: " + address);
    };
  }

  private static String prefix(byte[] bytes, int length) {
    return HexFormat.of().formatHex(Arrays.copyOf(bytes, length));
  }
}
