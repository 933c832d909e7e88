package dev.kith.libp2p.host;

import dev.kith.libp2p.identity.PeerId;

/** Told of peers that come, go and introduce themselves. Called on virtual threads; may block. */
public interface HostListener {
  /** The first connection to this peer opened. */
  default void connected(PeerId peer) {}

  /** The last connection to this peer closed. */
  default void disconnected(PeerId peer) {}

  /** The peer said what it serves; the address book holds its addresses now. */
  default void identified(PeerId peer, PeerInfo info) {}
}
