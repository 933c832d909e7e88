package dev.kith.libp2p.host;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.Direction;
import java.util.List;

/**
 * Refuses connections, each as early as enough is known, so that little is paid for those that are
 * not wanted. Every method answers whether to go on, and does if it is not overridden; none may
 * block.
 *
 * <p>It decides about connections; what a connected peer may use is the {@link AdmissionPolicy}'s.
 * {@link dev.kith.libp2p.gater.DenyList} is one that keeps lists.
 */
public interface ConnectionGater {
  /** Lets everybody through. */
  ConnectionGater OPEN = new ConnectionGater() {};

  /** Before a peer is dialled, at whatever address. On the caller's thread. */
  default boolean dialsPeer(PeerId peer) {
    return true;
  }

  /** Before a peer is dialled at an address, whose names are resolved by then. */
  default boolean dialsAddress(PeerId peer, Multiaddr address) {
    return true;
  }

  /** Before anything is read of a connection that was accepted. On an event loop. */
  default boolean accepts(Multiaddr remote) {
    return true;
  }

  /** After the handshake, which proved who the remote is, and before streams are muxed. */
  default boolean admitsSecured(Direction direction, PeerId peer, Multiaddr remote) {
    return true;
  }

  /** Before the first stream of a connection, which is ready to carry them. */
  default boolean admitsUpgraded(Connection connection) {
    return true;
  }

  /** Lets through what all of them let through; asked in this order, up to the first refusal. */
  static ConnectionGater all(ConnectionGater... gaters) {
    List<ConnectionGater> parts = List.of(gaters);
    return new ConnectionGater() {
      @Override
      public boolean dialsPeer(PeerId peer) {
        return parts.stream().allMatch(gater -> gater.dialsPeer(peer));
      }

      @Override
      public boolean dialsAddress(PeerId peer, Multiaddr address) {
        return parts.stream().allMatch(gater -> gater.dialsAddress(peer, address));
      }

      @Override
      public boolean accepts(Multiaddr remote) {
        return parts.stream().allMatch(gater -> gater.accepts(remote));
      }

      @Override
      public boolean admitsSecured(Direction direction, PeerId peer, Multiaddr remote) {
        return parts.stream().allMatch(gater -> gater.admitsSecured(direction, peer, remote));
      }

      @Override
      public boolean admitsUpgraded(Connection connection) {
        return parts.stream().allMatch(gater -> gater.admitsUpgraded(connection));
      }
    };
  }
}
