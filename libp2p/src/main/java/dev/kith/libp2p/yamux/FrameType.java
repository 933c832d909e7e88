package dev.kith.libp2p.yamux;

import java.util.Optional;

/** What a frame is for. */
enum FrameType {
  /** Carries {@code length} bytes of a stream. */
  DATA(0),

  /** Lets the remote send {@code length} more bytes on a stream. */
  WINDOW_UPDATE(1),

  /** Asks whether the remote is there, or answers; {@code length} is an opaque value. */
  PING(2),

  /** Ends the session for new streams; {@code length} is the reason. */
  GO_AWAY(3);

  private static final FrameType[] ALL = values();

  private final int number;

  FrameType(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  int number() {
    return number;
  }

  static Optional<FrameType> ofNumber(int number) {
    return number >= 0 && number < ALL.length ? Optional.of(ALL[number]) : Optional.empty();
  }
}
