package dev.kith.libp2p.transport;

import dev.kith.libp2p.host.ConnectionState;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.ConnectionScope;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * A connection whose remote has proved who it is, with streams that carry no protocol yet.
 * Thread-safe.
 */
public interface MuxedConnection {
  PublicKey remoteKey();

  Multiaddr remoteAddress();

  Multiaddr localAddress();

  ConnectionState state();

  /** Whether this side dialled. */
  boolean outbound();

  boolean open();

  /** The room that it takes at its host, which closes it. */
  ConnectionScope scope();

  /** The loop that its bytes come on. */
  Executor eventLoop();

  /**
   * Begins to take inbound streams. To be called once; nothing of the remote is lost before. Where
   * the connection has ended already, on whatever side, the listener is told so now.
   */
  void start(Listener listener);

  /**
   * Opens a stream; the remote may learn of it only by its first bytes. Blocks while the remote
   * takes no more for the moment.
   *
   * @throws java.net.SocketTimeoutException when it still does not at the end of {@code timeout}
   * @throws IOException when the connection is over, or has as many streams as it may
   */
  MuxedStream open(Duration timeout) throws IOException, InterruptedException;

  /** Tells the remote and ends all streams. Never throws, may be called twice. */
  void close();

  /** Told what happens to a connection. Called on any thread; it must not block. */
  interface Listener {
    /** The remote opened a stream. */
    void opened(MuxedStream stream);

    /** The connection is over, on whatever side it ended; told once. */
    void ended();
  }
}
