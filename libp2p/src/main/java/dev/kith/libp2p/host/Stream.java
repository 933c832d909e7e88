package dev.kith.libp2p.host;

import dev.kith.libp2p.identity.PeerId;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/**
 * One multiplexed, ordered, flow-controlled byte stream to a peer. It blocks: use it from a virtual
 * thread. One thread may read while another writes; two readers or two writers may not meet.
 *
 * <p>Interrupting a blocked reader or writer resets the stream and throws {@link
 * java.io.InterruptedIOException}. A remote reset surfaces as {@link StreamResetException}, a
 * passed deadline as {@link java.net.SocketTimeoutException}.
 */
public interface Stream extends Closeable {
  /** The protocol that multistream-select agreed on. */
  String protocol();

  PeerId remotePeer();

  Connection connection();

  /** Ends with -1 when the remote closed its side. Closing it does nothing to the stream. */
  InputStream input();

  /**
   * Unbuffered: each write becomes one or more frames, so write whole messages. It blocks while the
   * remote's window is spent. Closing it is {@link #closeWrite}.
   */
  OutputStream output();

  /** The longest that one read or write may block from now on; zero means for ever. */
  void timeout(Duration timeout);

  /** Tells the remote that nothing more will be written; reading goes on. */
  void closeWrite() throws IOException;

  /** Drops both directions at once and tells the remote. Never throws, may be called twice. */
  void reset();

  /** Closes for writing, and stops reading: what still arrives is dropped. */
  @Override
  void close() throws IOException;
}
