package dev.kith.libp2p.host;

import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Reach;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Which addresses a host believes that peers tell, of themselves or of others. What it believes it
 * may dial: without a policy, any peer could have it knock at doors within its owner's network.
 * Addresses that a user or the application names are not asked about. Must not block.
 *
 * <p>Names are judged twice: here, and once they are resolved, when those that peers told may lead
 * to public addresses only.
 */
@FunctionalInterface
public interface AddressPolicy {
  /**
   * Public addresses from everybody; those of this machine from peers on this machine; private and
   * link-local ones from peers on the same network; none that is nobody's. As go-libp2p, but that
   * takes a private address of any network from a peer on any.
   */
  AddressPolicy NEAR = AddressPolicy::near;

  /** Whatever is said, for tools that only look. */
  AddressPolicy ALL = (address, teller) -> true;

  /**
   * Whether to believe that a peer is at an address.
   *
   * @param teller where the peer is connected that says so
   */
  boolean believes(Multiaddr address, Multiaddr teller);

  private static boolean near(Multiaddr address, Multiaddr teller) {
    Optional<InetAddress> ip = address.ip();
    if (ip.isEmpty()) {
      return true; // a name, or of no network that has hosts to be protected
    }
    Reach reach = Reach.of(ip.get());
    Optional<InetAddress> source = teller.ip();
    Reach from = source.map(Reach::of).orElse(Reach.LOOPBACK); // within this process
    return switch (reach) {
      case PUBLIC -> true;
      case NOWHERE -> false;
      case LOOPBACK, RESERVED -> from == Reach.LOOPBACK;
      case LINK -> from == Reach.LOOPBACK || from == Reach.LINK;
      case PRIVATE ->
          from == Reach.LOOPBACK || source.flatMap(Reach::network).equals(Reach.network(ip.get()));
    };
  }
}
