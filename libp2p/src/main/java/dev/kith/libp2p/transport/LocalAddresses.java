package dev.kith.libp2p.transport;

import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Protocol;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The addresses of this machine, and those behind names. */
public final class LocalAddresses {
  private LocalAddresses() {}

  /**
   * What to announce for a socket bound to an address: itself, or in place of a wildcard the
   * addresses of the interfaces that are up. Link-local ones mean nothing to others.
   */
  public static List<InetAddress> of(InetAddress bound) throws IOException {
    if (!bound.isAnyLocalAddress()) {
      return List.of(bound);
    }
    boolean six = bound instanceof Inet6Address;
    List<InetAddress> addresses = new ArrayList<>();
    for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      if (device.isUp()) {
        device
            .inetAddresses()
            .filter(a -> !a.isLinkLocalAddress() && (six || a instanceof Inet4Address))
            .forEach(addresses::add);
      }
    }
    return addresses;
  }

  /** The IP of an address that begins with a DNS name. Blocks. */
  public static InetAddress resolve(Multiaddr address) throws UnknownHostException {
    Protocol family = address.components().getFirst().protocol();
    String name = address.components().getFirst().text();
    for (InetAddress ip : InetAddress.getAllByName(name)) {
      boolean fits =
          switch (family) {
            case DNS4 -> ip instanceof Inet4Address;
            case DNS6 -> ip instanceof Inet6Address;
            default -> true;
          };
      if (fits) {
        return ip;
      }
    }
    throw new UnknownHostException(name + " has no address of that family");
  }
}
