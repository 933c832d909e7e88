package dev.kith.libp2p.yamux;

/** What a {@link YamuxSession} wants done. */
sealed interface YamuxDecision {
  /** Send a frame without payload. */
  record Send(FrameHeader header) implements YamuxDecision {}

  /** The remote opened a stream. */
  record Opened(long streamId) implements YamuxDecision {}

  /** The remote acknowledged a stream: another one may be opened. */
  record Acknowledged(long streamId) implements YamuxDecision {}

  /** There is room again to send on a stream. */
  record WindowOpened(long streamId) implements YamuxDecision {}

  /** The remote sends no more on a stream. */
  record RemoteClosed(long streamId) implements YamuxDecision {}

  /** A stream was reset, by the remote or because it broke the rules. */
  record Reset(long streamId, String reason) implements YamuxDecision {}

  /** Nothing of a stream is left to be done: forget it. */
  record Forget(long streamId) implements YamuxDecision {}

  /** The remote opens no more streams, and takes none. */
  record RemoteLeft(long code) implements YamuxDecision {}

  /** The session is over: what was decided before is sent, then the connection is closed. */
  record Fail(String reason, boolean violation) implements YamuxDecision {}
}
