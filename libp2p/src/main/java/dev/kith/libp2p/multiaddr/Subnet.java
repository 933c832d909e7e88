package dev.kith.libp2p.multiaddr;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.tuweni.bytes.Bytes;

/**
 * The IP addresses that share their first bits, such as {@code 10.0.0.0/8}.
 *
 * @param prefix 4 or 16 bytes; those beyond {@code bits} are zero
 * @param bits how many count
 */
public record Subnet(Bytes prefix, int bits) {
  public Subnet {
    if (prefix.size() != 4 && prefix.size() != 16) {
      throw new IllegalArgumentException("prefix: " + prefix.size() + " bytes");
    }
    if (bits < 0 || bits > 8 * prefix.size()) {
      throw new IllegalArgumentException("bits: " + bits);
    }
    prefix = masked(prefix, bits);
  }

  /** The subnet of this size that an address is in. */
  public static Subnet of(InetAddress address, int bits) {
    return new Subnet(Bytes.wrap(address.getAddress()), bits);
  }

  /**
   * What one subscriber holds as a rule: one IPv4 address, or a /56 of IPv6.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc6177">RFC 6177</a>
   */
  public static Subnet ofSubscriber(InetAddress address) {
    return of(address, address instanceof Inet4Address ? 32 : 56);
  }

  /**
   * What is likely to be one site: a /24 of IPv4, or a /48 of IPv6. Two witnesses of one site count
   * as one.
   */
  public static Subnet ofSite(InetAddress address) {
    return of(address, address instanceof Inet4Address ? 24 : 48);
  }

  /**
   * Reads {@code 10.0.0.0/8} or {@code 2001:db8::/32}; without a slash, one address.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static Subnet parse(String text) {
    int slash = text.indexOf('/');
    try {
      InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int bits =
          slash < 0 ? 8 * address.getAddress().length : Integer.parseInt(text.substring(slash + 1));
      return of(address, bits);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("subnet: " + text, e);
    }
  }

  /** Whether an address is one of them. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == prefix.size() && masked(Bytes.wrap(bytes), bits).equals(prefix);
  }

  private static Bytes masked(Bytes address, int bits) {
    byte[] bytes = address.toArray();
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.clamp(bits - 8L * i, 0, 8);
      bytes[i] &= (byte) (0xff << (8 - kept));
    }
    return Bytes.wrap(bytes);
  }

  /** What {@link #parse} reads. */
  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(prefix.toArray()).getHostAddress() + "/" + bits;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("its length was checked", e);
    }
  }
}
