package dev.kith.libp2p.multiaddr;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** From how far an IP address can be reached (IANA's registries of special-purpose addresses). */
public enum Reach {
  /** Nobody's: unspecified, which systems take for themselves, multicast, broadcast. */
  NOWHERE,
  /** This machine. */
  LOOPBACK,
  /** One link, such as a cable or a wireless network. */
  LINK,
  /** One site: RFC 1918, shared (RFC 6598), unique local (RFC 4193). */
  PRIVATE,
  /** Set aside for documentation, measurements or the future. */
  RESERVED,
  /** The internet. */
  PUBLIC;

  private static final List<Subnet> NOWHERE_BLOCKS = blocks("0.0.0.0/8", "255.255.255.255/32");
  private static final List<Subnet> PRIVATE_BLOCKS =
      blocks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10");
  private static final List<Subnet> UNIQUE_LOCAL =
      blocks("fc00::/7", "fec0::/10", "64:ff9b:1::/48");
  private static final List<Subnet> RESERVED_BLOCKS =
      blocks(
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "240.0.0.0/4",
          "100::/64",
          "2001:db8::/32",
          "3fff::/20");

  /** Blocks of IPv6 in whose addresses one of IPv4 stands. */
  private static final Subnet NAT64 = Subnet.parse("64:ff9b::/96");

  private static final Subnet SIX_TO_FOUR = Subnet.parse("2002::/16");
  private static final Subnet COMPATIBLE = Subnet.parse("::/96");

  private static List<Subnet> blocks(String... texts) {
    return Arrays.stream(texts).map(Subnet::parse).toList();
  }

  private static boolean in(List<Subnet> blocks, InetAddress address) {
    return blocks.stream().anyMatch(block -> block.contains(address));
  }

  /** The reach of an address; of one with another inside, such as NAT64's, that one's. */
  public static Reach of(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isMulticastAddress()
        || in(NOWHERE_BLOCKS, address)) {
      return NOWHERE;
    }
    if (address.isLoopbackAddress()) {
      return LOOPBACK;
    }
    if (address.isLinkLocalAddress()) {
      return LINK;
    }
    if (in(PRIVATE_BLOCKS, address) || in(UNIQUE_LOCAL, address)) {
      return PRIVATE;
    }
    if (in(RESERVED_BLOCKS, address)) {
      return RESERVED;
    }
    return inner(address).map(Reach::of).orElse(PUBLIC);
  }

  private static Optional<InetAddress> inner(InetAddress address) {
    if (NAT64.contains(address) || COMPATIBLE.contains(address)) {
      return Optional.of(ip4(address, 12));
    }
    return SIX_TO_FOUR.contains(address) ? Optional.of(ip4(address, 2)) : Optional.empty();
  }

  private static InetAddress ip4(InetAddress address, int at) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), at, at + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /**
   * What is likely to be one private network: a block of RFC 1918 or RFC 6598 as a whole, a /48 of
   * IPv6. Empty for addresses that are not private.
   */
  public static Optional<Subnet> network(InetAddress address) {
    if (address instanceof Inet4Address) {
      return PRIVATE_BLOCKS.stream().filter(block -> block.contains(address)).findFirst();
    }
    return in(UNIQUE_LOCAL, address) ? Optional.of(Subnet.of(address, 48)) : Optional.empty();
  }
}
