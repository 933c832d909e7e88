package dev.kith.libp2p.host;

import dev.kith.libp2p.connmgr.ConnectionManager;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A libp2p peer: listens, dials, and opens and serves streams. Thread-safe; every method that says
 * so blocks and is meant for virtual threads.
 *
 * <p>Every host serves identify and ping.
 */
public interface Host extends AutoCloseable {
  PeerId id();

  PrivateKey key();

  /** Where it listens, with real ports; never 0.0.0.0. Without the {@code /p2p} suffix. */
  List<Multiaddr> listenAddresses();

  /**
   * Where peers at several sites see this host, which may not be where it listens: a router may
   * stand between. Nobody has tried whether it can be reached there.
   */
  List<Multiaddr> observedAddresses();

  /**
   * Where peers are told that it is: where it listens, and some of {@link #observedAddresses}.
   * Without the {@code /p2p} suffix.
   */
  List<Multiaddr> advertisedAddresses();

  /** What is known of other peers. */
  PeerStore addressBook();

  /**
   * Those addresses that this host's {@link AddressPolicy} believes, to be given to {@link
   * PeerStore#hear}. What peers tell must go through this before it is dialled or passed on.
   *
   * @param teller where the peer that told them is connected: {@link Connection#remoteAddress}
   */
  List<Multiaddr> believed(Collection<Multiaddr> addresses, Multiaddr teller);

  /** Serves a protocol, in place of whoever served it before; advertised by identify. */
  void serve(String protocol, StreamHandler handler);

  void stopServing(String protocol);

  Set<String> protocols();

  /**
   * The open connection to a peer, or a new one over the first address that answers. Blocks.
   *
   * @throws IOException when no address led to this very peer within {@code timeout}
   */
  Connection connect(PeerId peer, Collection<Multiaddr> addresses, Duration timeout)
      throws IOException, InterruptedException;

  /** {@link #connect} with the addresses that the address book holds. */
  Connection connect(PeerId peer, Duration timeout) throws IOException, InterruptedException;

  /**
   * Opens a stream for the first protocol that the peer accepts, connecting first where needed.
   * Blocks.
   *
   * @throws UnsupportedProtocolException when the peer serves none of them
   * @throws IOException when the peer cannot be reached within {@code timeout}
   */
  Stream open(PeerId peer, Duration timeout, String... protocols)
      throws IOException, InterruptedException;

  /** The open connections; a peer may have several for a moment. */
  List<Connection> connections();

  default boolean connectedTo(PeerId peer) {
    return connections().stream().anyMatch(c -> c.remotePeer().equals(peer) && c.open());
  }

  /** Says what peers are worth, and which connections stay when there are too many. */
  ConnectionManager connectionManager();

  /** What connections, streams and buffers are in use. */
  Usage usage();

  /** What one peer uses. */
  Usage usage(PeerId peer);

  /**
   * What happens from now on; the caller closes it.
   *
   * @param capacity how many events may wait to be read, at most {@link EventFeed#CAPACITY_MAX}
   */
  EventFeed events(int capacity);

  /** Adds a listener; events of one peer reach it in order, those of several at once. */
  void listener(HostListener listener);

  /** Closes listeners, connections and threads; blocks until they are gone. */
  @Override
  void close();
}
