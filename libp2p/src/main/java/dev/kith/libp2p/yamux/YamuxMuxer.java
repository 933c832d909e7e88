package dev.kith.libp2p.yamux;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.transport.LoopLock;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Drives a {@link YamuxSession}: takes bytes apart into frames, hands payload to streams, and sends
 * what the session decides.
 *
 * <p>Threads: {@link #received} and {@link #ended} are called by the one thread that reads the
 * connection, which never blocks here; everything else by any thread. One lock guards the session
 * and all streams; nothing is sealed or sent under it.
 */
public final class YamuxMuxer {
  /** The protocol's name in multistream-select. */
  public static final String PROTOCOL = "/yamux/1.0.0";

  /** The longest payload sent in a frame: with its header it fills one Noise message. */
  static final int PAYLOAD_MAX = 65_519 - FrameHeader.BYTES;

  private static final byte[] EMPTY = {};

  private final ReentrantLock lock = new LoopLock();
  private final Condition openable = lock.newCondition();
  private final YamuxSession session;
  private final ReceiveMemory memory;
  private final FrameSink sink;
  private final Listener listener;
  private final Map<Long, YamuxStream> streams = new HashMap<>();
  private boolean over;

  // The reading thread's own: a header that came in part, and the payload that is still to come.
  private final byte[] header = new byte[FrameHeader.BYTES];
  private int headerSize;
  private long payloadLeft;

  /** Told what happens to a session. Called on whatever thread found out; it must not block. */
  public interface Listener {
    /** The remote opened a stream. */
    void opened(YamuxStream stream);

    /** The session is over and the connection is being closed. */
    void failed(String reason, boolean violation);
  }

  public YamuxMuxer(
      boolean dialler,
      YamuxLimits limits,
      ReceiveMemory memory,
      FrameSink sink,
      Listener listener) {
    this.session = new YamuxSession(dialler, limits, memory, System.nanoTime());
    this.memory = memory;
    this.sink = sink;
    this.listener = listener;
  }

  // ---- the reading thread ----

  /**
   * Takes bytes that arrived. The array belongs to the muxer from now on: streams may keep it until
   * it is read.
   */
  public void received(byte[] bytes, int offset, int length) {
    List<YamuxDecision> later = new ArrayList<>(2);
    lock.lock();
    try {
      parse(bytes, offset, offset + length, later);
    } finally {
      lock.unlock();
      act(later);
    }
  }

  private void parse(byte[] bytes, int start, int end, List<YamuxDecision> later) {
    int at = start;
    while (at < end && !over) {
      if (payloadLeft > 0) {
        int part = (int) Math.min(payloadLeft, end - at);
        deliver(bytes, at, part, later);
        at += part;
        payloadLeft -= part;
        if (payloadLeft == 0) {
          apply(session.payloadEnded(), later);
        }
      } else {
        int part = Math.min(FrameHeader.BYTES - headerSize, end - at);
        System.arraycopy(bytes, at, header, headerSize, part);
        at += part;
        headerSize += part;
        if (headerSize == FrameHeader.BYTES) {
          headerSize = 0;
          begin(later);
        }
      }
    }
  }

  private void begin(List<YamuxDecision> later) {
    FrameHeader frame;
    try {
      frame = FrameHeader.decode(header, 0);
    } catch (ProtocolViolationException e) {
      apply(session.malformed("no frame: " + e.getMessage()), later);
      return;
    }
    apply(session.received(frame, System.nanoTime()), later);
    if (frame.type() == FrameType.DATA) {
      payloadLeft = frame.length();
    }
  }

  private void deliver(byte[] bytes, int offset, int length, List<YamuxDecision> later) {
    YamuxStream stream = streams.get(session.payloadStream());
    if (stream != null && !stream.deliver(bytes, offset, length, memory)) {
      apply(session.reset(stream.id(), "the host is short of receive memory"), later);
    }
  }

  /** The connection is gone: ends all streams. */
  public void ended(String reason) {
    lock.lock();
    try {
      over = true;
      streams.values().forEach(stream -> stream.ended(reason));
      streams.clear();
      session.end();
      openable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- decisions ----

  /** Applies, under the lock, what concerns streams; what goes out or up is left for later. */
  private void apply(List<YamuxDecision> decisions, List<YamuxDecision> later) {
    for (YamuxDecision decision : decisions) {
      switch (decision) {
        case YamuxDecision.Send send -> later.add(send);
        case YamuxDecision.Fail fail -> {
          over = true;
          later.add(fail);
        }
        case YamuxDecision.Opened opened -> {
          streams.put(opened.streamId(), new YamuxStream(this, lock, opened.streamId()));
          later.add(opened);
        }
        case YamuxDecision.Acknowledged acknowledged -> openable.signal();
        case YamuxDecision.RemoteLeft left -> openable.signalAll();
        case YamuxDecision.WindowOpened opened -> {
          YamuxStream stream = streams.get(opened.streamId());
          if (stream != null) {
            stream.windowOpened();
          }
        }
        case YamuxDecision.RemoteClosed closed -> {
          YamuxStream stream = streams.get(closed.streamId());
          if (stream != null) {
            stream.remoteClosed();
          }
        }
        case YamuxDecision.Reset reset -> {
          YamuxStream stream = streams.get(reset.streamId());
          if (stream != null) {
            stream.ended(reset.reason());
          }
        }
        case YamuxDecision.Forget forget -> {
          streams.remove(forget.streamId());
          openable.signal();
        }
      }
    }
  }

  /** Sends and tells, without the lock. */
  private void act(List<YamuxDecision> later) {
    for (YamuxDecision decision : later) {
      switch (decision) {
        case YamuxDecision.Send send -> sendQuietly(send.header());
        case YamuxDecision.Opened opened -> tellOpened(opened.streamId());
        case YamuxDecision.Fail fail -> {
          sink.close();
          listener.failed(fail.reason(), fail.violation());
        }
        case YamuxDecision.Acknowledged ignored -> notLater(ignored);
        case YamuxDecision.RemoteLeft ignored -> notLater(ignored);
        case YamuxDecision.WindowOpened ignored -> notLater(ignored);
        case YamuxDecision.RemoteClosed ignored -> notLater(ignored);
        case YamuxDecision.Reset ignored -> notLater(ignored);
        case YamuxDecision.Forget ignored -> notLater(ignored);
      }
    }
  }

  private static void notLater(YamuxDecision decision) {
    throw new IllegalStateException("applied under the lock: " + decision);
  }

  private void tellOpened(long id) {
    YamuxStream stream;
    lock.lock();
    try {
      stream = streams.get(id);
    } finally {
      lock.unlock();
    }
    if (stream != null) {
      listener.opened(stream);
    }
  }

  private void sendQuietly(FrameHeader frame) {
    try {
      sink.send(frame, EMPTY, 0, 0);
    } catch (IOException e) {
      // The connection is gone, which its reading thread tells every stream.
    }
  }

  private interface Change {
    List<YamuxDecision> make();
  }

  private void change(Change change) {
    List<YamuxDecision> later = new ArrayList<>(2);
    lock.lock();
    try {
      apply(change.make(), later);
    } finally {
      lock.unlock();
    }
    act(later);
  }

  // ---- what streams ask for ----

  ReceiveMemory memory() {
    return memory;
  }

  void awaitRoom(long timeoutNanos) throws IOException, InterruptedException {
    sink.awaitRoom(timeoutNanos);
  }

  /** Under the lock. */
  @Nullable FrameHeader reserve(long id, int wanted) throws IOException {
    if (!session.writable(id)) {
      throw new IOException("the stream is closed for writing");
    }
    return session.reserve(id, wanted);
  }

  void send(FrameHeader frame, byte[] payload, int offset, int length) throws IOException {
    sink.send(frame, payload, offset, length);
  }

  void consumed(long id, int size) {
    change(() -> session.consumed(id, size, System.nanoTime()));
  }

  void closeWrite(long id) {
    change(() -> session.closeWrite(id));
  }

  void close(long id) {
    change(
        () -> {
          session.closeRead(id, System.nanoTime());
          return session.closeWrite(id);
        });
  }

  void reset(long id, String reason) {
    change(() -> session.reset(id, reason));
  }

  // ---- what the connection asks for ----

  /**
   * Opens a stream; the remote learns of it by its first bytes. Blocks while too many streams wait
   * for the remote's acknowledgement.
   *
   * @throws IOException when the session is over, or has as many streams as it may
   */
  public YamuxStream open(Duration timeout) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = timeout.toNanos();
      while (true) {
        if (over || session.closedToNew()) {
          throw new IOException("the connection takes no more streams");
        }
        if (session.canOpen()) {
          YamuxStream stream = new YamuxStream(this, lock, session.open(System.nanoTime()));
          streams.put(stream.id(), stream);
          return stream;
        }
        if (session.outboundFull()) {
          throw new IOException("the connection has as many streams as it may");
        }
        if (left <= 0) {
          throw new SocketTimeoutException("the peer acknowledges no more streams");
        }
        left = openable.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** To be called every few seconds: pings, and drops streams that a remote never closes. */
  public void tick() {
    change(() -> over ? List.of() : session.tick(System.nanoTime()));
  }

  /** Tells the remote and closes the connection; {@link #ended} follows when it is closed. */
  public void close() {
    change(session::leave);
    sink.close();
  }

  int openStreams() {
    lock.lock();
    try {
      return streams.size();
    } finally {
      lock.unlock();
    }
  }
}
