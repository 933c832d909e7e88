package dev.kith.libp2p.yamux;

import java.io.IOException;

/** Where a muxer's frames go: the secure channel below it. Thread-safe. */
public interface FrameSink {
  /**
   * Blocks a writer while too much waits to be sent.
   *
   * @param timeoutNanos zero means for ever
   * @throws java.net.SocketTimeoutException when the time is up
   */
  void awaitRoom(long timeoutNanos) throws IOException, InterruptedException;

  /**
   * Sends a frame, after those that went before. It never waits for the remote: whoever sends
   * payload has waited for room. What {@code payload} holds is copied before it returns.
   *
   * @throws IOException when the connection is closed
   */
  void send(FrameHeader header, byte[] payload, int offset, int length) throws IOException;

  /** Closes the connection once all that was sent is through. */
  void close();
}
