package dev.kith.libp2p.yamux;

import java.time.Duration;

/**
 * The bounds of a session.
 *
 * @param inboundStreamsMax streams that the remote may have open; a further one is reset
 * @param outboundStreamsMax streams that this side may have open
 * @param unackedStreamsMax streams that this side opens before the remote has acknowledged one
 * @param windowBytesFirst the receive window of a new stream; the protocol fixes it at 256 KiB
 * @param windowBytesMax up to which a stream's window grows
 * @param growWithin a window doubles when half of it is consumed within the larger of this and four
 *     round trips
 * @param pingInterval how often the remote is asked whether it is there
 * @param pongTimeout how long its answer may take before the session ends
 * @param lingerMax how long a stream that is closed here waits for the remote to close it too
 */
public record YamuxLimits(
    int inboundStreamsMax,
    int outboundStreamsMax,
    int unackedStreamsMax,
    int windowBytesFirst,
    int windowBytesMax,
    Duration growWithin,
    Duration pingInterval,
    Duration pongTimeout,
    Duration lingerMax) {

  public static final YamuxLimits STANDARD =
      new YamuxLimits(
          512,
          512,
          256,
          256 << 10,
          16 << 20,
          Duration.ofMillis(4),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60));

  public YamuxLimits {
    if (inboundStreamsMax < 1 || outboundStreamsMax < 1 || unackedStreamsMax < 1) {
      throw new IllegalArgumentException("streams: none may be opened");
    }
    if (windowBytesFirst != 256 << 10 || windowBytesMax < windowBytesFirst) {
      throw new IllegalArgumentException("windows: " + windowBytesFirst + ", " + windowBytesMax);
    }
  }
}
