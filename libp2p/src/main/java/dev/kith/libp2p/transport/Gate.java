package dev.kith.libp2p.transport;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.ConnectionScope;
import java.io.IOException;

/**
 * What a transport asks of its host on each connection's way in. Each step may refuse it before the
 * next is paid for; a scope that was handed out is closed with its socket, or when a step fails.
 * Thread-safe, and never blocks.
 */
public interface Gate {
  /**
   * A socket was accepted, or the first packet of a connection came; nothing was read yet.
   *
   * @return the room that it takes
   * @throws IOException when it is to be dropped at once
   */
  ConnectionScope accepted(Multiaddr remote) throws IOException;

  /**
   * A socket is about to be made.
   *
   * @return the room that it takes
   * @throws IOException when it must not be made
   */
  ConnectionScope dialling(PeerId peer, Multiaddr address) throws IOException;

  /**
   * The handshake has proved who the remote is; streams are not muxed yet.
   *
   * @throws IOException when the connection is to be closed
   */
  void secured(ConnectionScope scope, PeerId peer, Multiaddr remote) throws IOException;

  /**
   * Whether so many inbound handshakes are under way that a remote should do more than this host
   * before it is served.
   */
  boolean crowded();

  /** Whether no further inbound handshake would be {@link #accepted}. */
  boolean full();
}
