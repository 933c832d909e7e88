package dev.kith.libp2p.transport;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.util.List;

/**
 * One way to carry connections, such as TCP or QUIC. Thread-safe. Its sockets are those of the
 * host's {@link EventLoops}, which are closed before it is.
 */
public interface Transport extends AutoCloseable {
  /** Whether an address without DNS names and {@code /p2p} is of the kind that is dialled here. */
  boolean dials(Multiaddr address);

  /** Whether an address is of the kind that is listened on here. */
  boolean listensOn(Multiaddr address);

  /**
   * Listens; every connection whose remote has proved who it is goes to the {@link Acceptor} that
   * the transport was made with.
   *
   * @param address one that {@link #listensOn} is true of; port 0 takes a free one
   * @return where it can be reached, with real ports; never a wildcard
   * @throws java.net.BindException when the address is in use, or not this machine's
   * @throws IllegalArgumentException when this machine lacks what the transport needs
   */
  List<Multiaddr> listen(Multiaddr address) throws IOException, InterruptedException;

  /**
   * Makes a connection to this very peer. Blocks; whatever ends it leaves nothing behind, also an
   * interruption.
   *
   * @param address one that {@link #dials} is true of
   * @param deadline by {@link System#nanoTime}
   * @throws IOException when another peer answers, which learns nothing of this host, or none
   */
  MuxedConnection dial(PeerId peer, Multiaddr address, long deadline)
      throws IOException, InterruptedException;

  /** Lets go of keys and contexts, after the sockets are closed and the threads are gone. */
  @Override
  void close();

  /** Takes inbound connections. */
  @FunctionalInterface
  interface Acceptor {
    /**
     * Called on a virtual thread.
     *
     * @throws IOException when the connection is not wanted; it is closed then
     */
    void accept(MuxedConnection connection) throws IOException;
  }
}
