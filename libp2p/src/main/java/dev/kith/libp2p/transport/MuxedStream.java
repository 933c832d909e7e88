package dev.kith.libp2p.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * One stream of a connection. It blocks: one thread reads while another writes, both virtual. What
 * {@link dev.kith.libp2p.host.Stream} promises of interruption, resets and deadlines is kept here.
 */
public interface MuxedStream {
  /** A view; closing it does nothing. */
  InputStream input();

  /** A view; closing it is {@link #closeWrite}. */
  OutputStream output();

  /** The longest that one read or write may block from now on; zero means for ever. */
  void timeout(long nanos);

  /** Tells the remote that nothing follows what was written. */
  void closeWrite() throws IOException;

  /** As {@link #closeWrite}, and reads no more: what still comes is dropped, within bounds. */
  void close() throws IOException;

  /** Drops both directions at once and tells the remote. Never throws, may be called twice. */
  void reset();
}
