package dev.kith.libp2p.quic;

import java.time.Duration;

/**
 * The bounds of QUIC connections.
 *
 * @param inboundStreamsMax streams that the remote may have open
 * @param outboundStreamsMax streams that this side may have open
 * @param streamWindowBytes what the remote may send on a new stream before any of it is read
 * @param connectionWindowBytes the same over all streams of a new connection
 * @param readAheadBytes what is taken out of quiche's buffers before it is read, of each stream; an
 *     eighth of it where the peer, or the host, holds too much already
 * @param unsentBytesMax of one stream that may wait to be sent before its writer waits
 * @param resetStreamsMax streams of one connection that end by a reset, where Netty keeps them
 * @param handshakeTimeout how long a connection may take until it can carry streams
 * @param keepAlive how often something is sent so that the connection stands
 * @param idleMax how long nothing may come before the connection is given up
 * @param lingerMax how long a stream that is closed here waits for the remote to close it too
 */
public record QuicLimits(
    int inboundStreamsMax,
    int outboundStreamsMax,
    int streamWindowBytes,
    int connectionWindowBytes,
    int readAheadBytes,
    int unsentBytesMax,
    int resetStreamsMax,
    Duration handshakeTimeout,
    Duration keepAlive,
    Duration idleMax,
    Duration lingerMax) {

  public static final QuicLimits STANDARD =
      new QuicLimits(
          256,
          256,
          512 << 10,
          1 << 20,
          1 << 20,
          1 << 20,
          4_096,
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofSeconds(60));

  public QuicLimits {
    if (inboundStreamsMax < 1 || outboundStreamsMax < 1 || resetStreamsMax < 1) {
      throw new IllegalArgumentException("streams: none may be opened");
    }
    if (streamWindowBytes < 1 << 10 || connectionWindowBytes < streamWindowBytes) {
      throw new IllegalArgumentException(
          "windows: " + streamWindowBytes + ", " + connectionWindowBytes);
    }
    if (keepAlive.compareTo(idleMax) >= 0) {
      throw new IllegalArgumentException("keepAlive: not before idleMax");
    }
  }

  /** These, with another time for handshakes. */
  public QuicLimits withHandshakeTimeout(Duration timeout) {
    return new QuicLimits(
        inboundStreamsMax,
        outboundStreamsMax,
        streamWindowBytes,
        connectionWindowBytes,
        readAheadBytes,
        unsentBytesMax,
        resetStreamsMax,
        timeout,
        keepAlive,
        idleMax,
        lingerMax);
  }

  /** These, with another number of streams that end by a reset. */
  public QuicLimits withResetStreamsMax(int max) {
    return new QuicLimits(
        inboundStreamsMax,
        outboundStreamsMax,
        streamWindowBytes,
        connectionWindowBytes,
        readAheadBytes,
        unsentBytesMax,
        max,
        handshakeTimeout,
        keepAlive,
        idleMax,
        lingerMax);
  }

  /** These, with other times for connections on which nothing happens. */
  public QuicLimits withIdle(Duration keepAliveEach, Duration max) {
    return new QuicLimits(
        inboundStreamsMax,
        outboundStreamsMax,
        streamWindowBytes,
        connectionWindowBytes,
        readAheadBytes,
        unsentBytesMax,
        resetStreamsMax,
        handshakeTimeout,
        keepAliveEach,
        max,
        lingerMax);
  }
}
