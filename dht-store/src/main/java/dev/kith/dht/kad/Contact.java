package dev.kith.dht.kad;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A peer and where it was last said to be. Addresses are hearsay until a connection proves them.
 *
 * @param addresses without a {@code /p2p} suffix; the first {@value #ADDRESSES_MAX} are kept
 */
public record Contact(PeerId id, List<Multiaddr> addresses) {
  /** Addresses that are kept of one peer. */
  public static final int ADDRESSES_MAX = 16;

  public Contact {
    Objects.requireNonNull(id, "id");
    addresses =
        List.copyOf(
            addresses.size() > ADDRESSES_MAX ? addresses.subList(0, ADDRESSES_MAX) : addresses);
  }

  /** This, with those addresses that a policy lets through. */
  Contact believed(UnaryOperator<List<Multiaddr>> policy) {
    return new Contact(id, policy.apply(addresses));
  }
}
