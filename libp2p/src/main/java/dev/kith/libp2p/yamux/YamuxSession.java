package dev.kith.libp2p.yamux;

import static dev.kith.libp2p.yamux.FrameHeader.ACK;
import static dev.kith.libp2p.yamux.FrameHeader.FIN;
import static dev.kith.libp2p.yamux.FrameHeader.RST;
import static dev.kith.libp2p.yamux.FrameHeader.SYN;

import dev.kith.libp2p.yamux.YamuxDecision.Acknowledged;
import dev.kith.libp2p.yamux.YamuxDecision.Fail;
import dev.kith.libp2p.yamux.YamuxDecision.Forget;
import dev.kith.libp2p.yamux.YamuxDecision.Opened;
import dev.kith.libp2p.yamux.YamuxDecision.RemoteClosed;
import dev.kith.libp2p.yamux.YamuxDecision.RemoteLeft;
import dev.kith.libp2p.yamux.YamuxDecision.Reset;
import dev.kith.libp2p.yamux.YamuxDecision.Send;
import dev.kith.libp2p.yamux.YamuxDecision.WindowOpened;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One side of a yamux session: which streams exist, in what state, and how many bytes may go either
 * way. It sees headers and counts only, no payload and no clock: times are nanoseconds of any
 * monotonic clock. Not thread-safe; its driver guards it with one lock.
 *
 * <p>Flags of one frame take effect in the order SYN, ACK, payload, FIN, RST. A stream that both
 * sides closed, or that was reset, is forgotten; frames that still arrive for it, and for ids that
 * never were, are dropped without harm to the session.
 */
final class YamuxSession {
  /** A frame for an unknown stream is skipped up to this length; a longer one is an attack. */
  static final long SKIPPED_BYTES_MAX = 16 << 20;

  private static final long SEND_WINDOW_MAX = 0xffff_ffffL;

  private final boolean dialler;
  private final YamuxLimits limits;
  private final ReceiveMemory memory;
  private final Map<Long, StreamState> streams = new HashMap<>();
  private final Heartbeat heartbeat;
  private long nextId;
  private int inbound;
  private int outbound;
  private int unacked;
  private boolean localLeft;
  private boolean remoteLeft;

  /** The stream whose payload comes next; null where it is skipped. */
  private @Nullable StreamState payloadOf;

  private int payloadFlags;

  YamuxSession(boolean dialler, YamuxLimits limits, ReceiveMemory memory, long now) {
    this.dialler = dialler;
    this.limits = limits;
    this.memory = memory;
    this.heartbeat = new Heartbeat(limits, now);
    this.nextId = dialler ? 1 : 2;
  }

  // ---- what the remote sends ----

  /** Takes a header. After one of a DATA frame with payload, {@link #payloadEnded} must follow. */
  List<YamuxDecision> received(FrameHeader header, long now) {
    List<YamuxDecision> out = new ArrayList<>(2);
    switch (header.type()) {
      case DATA, WINDOW_UPDATE -> {
        if (header.streamId() == 0) {
          fail(out, "a frame of the session with a stream's type");
        } else {
          receivedOnStream(header, now, out);
        }
      }
      case PING -> heartbeat.received(header, now).ifPresent(answer -> out.add(new Send(answer)));
      case GO_AWAY -> {
        remoteLeft = true;
        out.add(new RemoteLeft(header.length()));
      }
    }
    return out;
  }

  /** What arrived is no frame: the session ends. */
  List<YamuxDecision> malformed(String reason) {
    List<YamuxDecision> out = new ArrayList<>(2);
    fail(out, reason);
    return out;
  }

  private void receivedOnStream(FrameHeader header, long now, List<YamuxDecision> out) {
    if (header.has(SYN) && !opened(header, now, out)) {
      return;
    }
    StreamState stream = streams.get(header.streamId());
    if (header.type() == FrameType.DATA && header.length() > SKIPPED_BYTES_MAX) {
      fail(out, "a frame of " + header.length() + " bytes");
      return;
    }
    payloadOf = null;
    if (stream == null) {
      return;
    }
    if (header.has(ACK) && !stream.acked) {
      stream.acked = true;
      unacked--;
      out.add(new Acknowledged(stream.id));
    }
    if (header.has(RST)) {
      drop(stream, "the peer reset the stream", out);
      return;
    }
    if (header.type() == FrameType.WINDOW_UPDATE) {
      widen(stream, header.length(), out);
      flagsAfterPayload(stream, header.flags(), out);
    } else {
      admitPayload(stream, header, out);
    }
  }

  private boolean opened(FrameHeader header, long now, List<YamuxDecision> out) {
    long id = header.streamId();
    boolean theirs = (id % 2 == 1) != dialler;
    if (!theirs || streams.containsKey(id)) {
      fail(out, "stream " + id + " opened twice or with an id of this side");
      return false;
    }
    if (inbound >= limits.inboundStreamsMax() || localLeft) {
      out.add(new Send(new FrameHeader(FrameType.WINDOW_UPDATE, RST, id, 0)));
      return true;
    }
    StreamState stream = new StreamState(id, true, limits.windowBytesFirst(), now);
    stream.flagsDue = ACK;
    streams.put(id, stream);
    inbound++;
    out.add(new Opened(id));
    return true;
  }

  private void widen(StreamState stream, long bytes, List<YamuxDecision> out) {
    if (stream.sendWindow + bytes > SEND_WINDOW_MAX) {
      reset(stream, "the peer's window overflows", out);
      return;
    }
    stream.sendWindow += bytes;
    if (bytes > 0) {
      out.add(new WindowOpened(stream.id));
    }
  }

  private void admitPayload(StreamState stream, FrameHeader header, List<YamuxDecision> out) {
    if (header.length() == 0) {
      flagsAfterPayload(stream, header.flags(), out);
      return;
    }
    if (stream.remoteClosed) {
      reset(stream, "the peer sent more after it had closed the stream", out);
      return;
    }
    if (header.length() > stream.receiveWindow) {
      reset(stream, "the peer overran the stream's window", out);
      return;
    }
    stream.receiveWindow -= header.length();
    stream.unread += header.length();
    payloadOf = stream;
    payloadFlags = header.flags();
  }

  /** The stream that the payload which follows now is for; 0 where it is to be skipped. */
  long payloadStream() {
    StreamState stream = payloadOf;
    return stream == null || stream.readClosed || !streams.containsKey(stream.id) ? 0 : stream.id;
  }

  /** The payload of the last header is through. */
  List<YamuxDecision> payloadEnded() {
    StreamState stream = payloadOf;
    payloadOf = null;
    List<YamuxDecision> out = new ArrayList<>(2);
    if (stream == null || !streams.containsKey(stream.id)) {
      return out;
    }
    flagsAfterPayload(stream, payloadFlags, out);
    if (stream.readClosed && !stream.remoteClosed && stream.receiveWindow == 0) {
      reset(stream, "the peer sends to a stream that is closed", out);
    }
    return out;
  }

  private void flagsAfterPayload(StreamState stream, int flags, List<YamuxDecision> out) {
    if ((flags & FIN) == 0 || stream.remoteClosed || !streams.containsKey(stream.id)) {
      return;
    }
    stream.remoteClosed = true;
    out.add(new RemoteClosed(stream.id));
    forgetIfDone(stream, out);
  }

  // ---- what this side does ----

  /** Whether another stream may be opened now; the driver waits where it may not yet. */
  boolean canOpen() {
    return unacked < limits.unackedStreamsMax() && outbound < limits.outboundStreamsMax();
  }

  /** Whether waiting for {@link #canOpen} is of no use. */
  boolean closedToNew() {
    return remoteLeft || localLeft || nextId > 0xffff_ffffL;
  }

  /** Whether the reason not to open is the count of streams, not a slow remote. */
  boolean outboundFull() {
    return outbound >= limits.outboundStreamsMax();
  }

  /** Opens a stream; the remote learns of it from its first frame. */
  long open(long now) {
    if (!canOpen() || closedToNew()) {
      throw new IllegalStateException("no stream may be opened");
    }
    long id = nextId;
    nextId += 2;
    StreamState stream = new StreamState(id, false, limits.windowBytesFirst(), now);
    stream.flagsDue = SYN;
    streams.put(id, stream);
    outbound++;
    unacked++;
    return id;
  }

  boolean exists(long id) {
    return streams.containsKey(id);
  }

  /** Takes up to {@code wanted} bytes of a stream's send window; null while it is spent. */
  @Nullable FrameHeader reserve(long id, int wanted) {
    StreamState stream = streams.get(id);
    if (stream == null || stream.localClosed) {
      throw new IllegalStateException("stream " + id + " is not open for writing");
    }
    long size = Math.min(wanted, stream.sendWindow);
    if (size == 0) {
      return null;
    }
    stream.sendWindow -= size;
    return new FrameHeader(FrameType.DATA, takeFlags(stream), id, size);
  }

  boolean writable(long id) {
    StreamState stream = streams.get(id);
    return stream != null && !stream.localClosed;
  }

  /** The application has read bytes: once that is half of the window, the remote is told. */
  List<YamuxDecision> consumed(long id, int bytes, long now) {
    StreamState stream = streams.get(id);
    if (stream == null) {
      return List.of();
    }
    stream.unread -= bytes;
    long delta = stream.windowMax - stream.receiveWindow - stream.unread;
    if (stream.remoteClosed || stream.readClosed || delta < stream.windowMax / 2) {
      return List.of();
    }
    delta += grow(stream, now);
    stream.receiveWindow += delta;
    stream.updated = now;
    return List.of(
        new Send(new FrameHeader(FrameType.WINDOW_UPDATE, takeFlags(stream), id, delta)));
  }

  private long grow(StreamState stream, long now) {
    long within = Math.max(limits.growWithin().toNanos(), 4 * heartbeat.roundTripNanos());
    long more = Math.min(stream.windowMax, limits.windowBytesMax() - stream.windowMax);
    if (now - stream.updated > within || more <= 0 || !memory.grow(more)) {
      return 0;
    }
    stream.windowMax += more;
    return more;
  }

  /**
   * Ends this side's direction of a stream. FIN goes alone: js and go lose the payload beside it.
   */
  List<YamuxDecision> closeWrite(long id) {
    StreamState stream = streams.get(id);
    if (stream == null || stream.localClosed) {
      return List.of();
    }
    List<YamuxDecision> out = new ArrayList<>(2);
    stream.localClosed = true;
    out.add(new Send(new FrameHeader(FrameType.WINDOW_UPDATE, takeFlags(stream) | FIN, id, 0)));
    forgetIfDone(stream, out);
    return out;
  }

  /** Reads no more: what still comes is dropped, and gets no new window. */
  void closeRead(long id, long now) {
    StreamState stream = streams.get(id);
    if (stream != null && !stream.readClosed) {
      stream.readClosed = true;
      stream.lingersSince = now;
    }
  }

  /** Drops both directions of a stream. */
  List<YamuxDecision> reset(long id, String reason) {
    StreamState stream = streams.get(id);
    List<YamuxDecision> out = new ArrayList<>(3);
    if (stream != null) {
      reset(stream, reason, out);
    }
    return out;
  }

  /** Opens no more streams and takes none. */
  List<YamuxDecision> leave() {
    if (localLeft) {
      return List.of();
    }
    localLeft = true;
    return List.of(new Send(goAway(FrameHeader.GO_AWAY_NORMAL)));
  }

  /** To be called every few seconds. */
  List<YamuxDecision> tick(long now) {
    List<YamuxDecision> out = new ArrayList<>(heartbeat.tick(now));
    for (StreamState stream : List.copyOf(streams.values())) {
      if (stream.readClosed
          && stream.localClosed
          && now - stream.lingersSince > limits.lingerMax().toNanos()) {
        reset(stream, "the peer did not close the stream", out);
      }
    }
    return out;
  }

  // ---- within ----

  private static int takeFlags(StreamState stream) {
    int flags = stream.flagsDue;
    stream.flagsDue = 0;
    return flags;
  }

  private void reset(StreamState stream, String reason, List<YamuxDecision> out) {
    // A stream whose SYN never left is unknown to the remote.
    if ((stream.flagsDue & SYN) == 0) {
      out.add(new Send(new FrameHeader(FrameType.WINDOW_UPDATE, RST, stream.id, 0)));
    }
    drop(stream, reason, out);
  }

  private void drop(StreamState stream, String reason, List<YamuxDecision> out) {
    out.add(new Reset(stream.id, reason));
    forget(stream, out);
  }

  private void forgetIfDone(StreamState stream, List<YamuxDecision> out) {
    if (stream.localClosed && stream.remoteClosed) {
      forget(stream, out);
    }
  }

  private void forget(StreamState stream, List<YamuxDecision> out) {
    streams.remove(stream.id);
    memory.shrink(stream.windowMax - limits.windowBytesFirst());
    if (stream.inbound) {
      inbound--;
    } else {
      outbound--;
      if (!stream.acked) {
        unacked--;
      }
    }
    out.add(new Forget(stream.id));
  }

  /** Gives back what the streams hold; the session is of no use then. */
  void end() {
    for (StreamState stream : List.copyOf(streams.values())) {
      forget(stream, new ArrayList<>());
    }
    localLeft = true;
  }

  private static void fail(List<YamuxDecision> out, String reason) {
    out.add(new Send(goAway(FrameHeader.GO_AWAY_PROTOCOL_ERROR)));
    out.add(new Fail(reason, true));
  }

  private static FrameHeader goAway(long code) {
    return new FrameHeader(FrameType.GO_AWAY, 0, 0, code);
  }

  int streams() {
    return streams.size();
  }

  /** One stream, in counts. */
  private static final class StreamState {
    final long id;
    final boolean inbound;

    /** Bytes that may still be sent. */
    long sendWindow;

    /** Bytes that the remote may still send. */
    long receiveWindow;

    /** Received and not yet consumed. */
    long unread;

    /** The size that the receive window is kept at. */
    long windowMax;

    long updated;
    long lingersSince;
    boolean acked;
    boolean localClosed;
    boolean remoteClosed;
    boolean readClosed;

    /** SYN or ACK that the next frame has to carry. */
    int flagsDue;

    StreamState(long id, boolean inbound, int window, long now) {
      this.id = id;
      this.inbound = inbound;
      this.acked = inbound;
      this.sendWindow = window;
      this.receiveWindow = window;
      this.windowMax = window;
      this.updated = now;
    }
  }
}
