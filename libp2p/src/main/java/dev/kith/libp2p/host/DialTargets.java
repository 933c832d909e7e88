package dev.kith.libp2p.host;

import dev.kith.libp2p.multiaddr.Multiaddr;
import java.util.List;

/**
 * Where to dial a peer. No address is in two of them, and none ends with {@code /p2p}.
 *
 * @param given addresses that the caller has named, which are tried in any case
 * @param known further ones, of the address book
 * @param heard further ones, which only peers have told of: names among them may lead to public
 *     addresses only
 */
public record DialTargets(List<Multiaddr> given, List<Multiaddr> known, List<Multiaddr> heard) {
  /** Copies all three. */
  public DialTargets {
    given = List.copyOf(given);
    known = List.copyOf(known);
    heard = List.copyOf(heard);
  }
}
