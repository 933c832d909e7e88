package dev.kith.libp2p.yamux;

import dev.kith.libp2p.yamux.YamuxDecision.Fail;
import dev.kith.libp2p.yamux.YamuxDecision.Send;
import java.util.List;
import java.util.Optional;

/** The pings of a session: they keep it alive, find a dead remote, and measure the round trip. */
final class Heartbeat {
  private final YamuxLimits limits;
  private long pingedAt;
  private boolean waiting;
  private boolean first = true;
  private long value;
  private long roundTripNanos;

  Heartbeat(YamuxLimits limits, long now) {
    this.limits = limits;
    this.pingedAt = now;
  }

  /** The smoothed round trip; zero before the first answer. */
  long roundTripNanos() {
    return roundTripNanos;
  }

  /** Takes a ping or an answer; the answer to send, if it was a ping. */
  Optional<FrameHeader> received(FrameHeader header, long now) {
    if (header.has(FrameHeader.SYN)) {
      return Optional.of(new FrameHeader(FrameType.PING, FrameHeader.ACK, 0, header.length()));
    }
    if (waiting && header.has(FrameHeader.ACK) && header.length() == value) {
      waiting = false;
      long sample = now - pingedAt;
      roundTripNanos = roundTripNanos == 0 ? sample : (7 * roundTripNanos + sample) / 8;
    }
    return Optional.empty();
  }

  List<YamuxDecision> tick(long now) {
    long since = now - pingedAt;
    if (waiting && since > limits.pongTimeout().toNanos()) {
      return List.of(new Fail("yamux: no answer to a ping", false));
    }
    if (waiting || !(first || since >= limits.pingInterval().toNanos())) {
      return List.of();
    }
    first = false;
    waiting = true;
    pingedAt = now;
    value++;
    return List.of(new Send(new FrameHeader(FrameType.PING, FrameHeader.SYN, 0, value)));
  }
}
