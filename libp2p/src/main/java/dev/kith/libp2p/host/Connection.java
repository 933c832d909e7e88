package dev.kith.libp2p.host;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/** A secured, multiplexed connection to one peer. Thread-safe. */
public interface Connection extends AutoCloseable {
  PeerId remotePeer();

  PublicKey remoteKey();

  /** Where the remote is, as seen by this side; for an inbound one the port is ephemeral. */
  Multiaddr remoteAddress();

  Multiaddr localAddress();

  /** What it is made of. */
  ConnectionState state();

  /** Whether this side dialled. */
  boolean outbound();

  boolean open();

  /**
   * Opens a stream on this very connection, for the first protocol that the peer accepts. Blocks.
   *
   * @throws UnsupportedProtocolException when the peer serves none of them
   * @throws IOException when the connection closes or {@code timeout} passes first
   */
  Stream openStream(Duration timeout, String... protocols) throws IOException, InterruptedException;

  /**
   * Makes virtual threads for work that waits for nothing but streams of this connection: its event
   * loop may carry them, which is faster. They must not block otherwise (see {@link
   * StreamHandler#waitsOnlyForStream}).
   */
  default ThreadFactory streamThreads() {
    return Thread.ofVirtual().factory();
  }

  /** Closes it and resets its streams. Never throws, may be called twice. */
  @Override
  void close();
}
