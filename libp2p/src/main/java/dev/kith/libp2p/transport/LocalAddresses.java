package dev.kith.libp2p.transport;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The addresses of this machine. */
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

  /** Whether an interface has an IPv6 address that reaches beyond its link. */
  public static boolean hasIp6() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .anyMatch(
              a -> a instanceof Inet6Address && !a.isLoopbackAddress() && !a.isLinkLocalAddress());
    } catch (SocketException e) {
      return false;
    }
  }
}
