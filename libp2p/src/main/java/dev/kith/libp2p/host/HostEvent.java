package dev.kith.libp2p.host;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.resource.Refusal;
import java.util.Set;

/** Something that happened to a host. Read from an {@link EventFeed}. */
public sealed interface HostEvent {
  /** The first connection to a peer opened. */
  record PeerConnected(PeerId peer) implements HostEvent {}

  /** The last connection to a peer closed. */
  record PeerDisconnected(PeerId peer) implements HostEvent {}

  /** A peer said who it is, on connecting or since. */
  record PeerIdentified(PeerId peer, PeerInfo info) implements HostEvent {}

  /** A connected peer serves more or fewer protocols than before. */
  record ProtocolsUpdated(PeerId peer, Set<String> added, Set<String> removed)
      implements HostEvent {
    /** Copies both sets. */
    public ProtocolsUpdated {
      added = Set.copyOf(added);
      removed = Set.copyOf(removed);
    }
  }

  /** The connection manager closes a connection to a peer, as there are too many. */
  record ConnectionTrimmed(PeerId peer) implements HostEvent {}

  /** A bound was met; once for each peer in a minute, however often it is. */
  record LimitReached(Refusal refusal) implements HostEvent {}
}
