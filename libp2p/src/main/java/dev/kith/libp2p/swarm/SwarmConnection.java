package dev.kith.libp2p.swarm;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.ConnectionState;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multistream.Multistream;
import dev.kith.libp2p.resource.Direction;
import dev.kith.libp2p.resource.LimitReachedException;
import dev.kith.libp2p.resource.StreamScope;
import dev.kith.libp2p.transport.MuxedConnection;
import dev.kith.libp2p.transport.MuxedStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of any transport, on whose streams protocols are agreed. */
final class SwarmConnection implements Connection, MuxedConnection.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(SwarmConnection.class);

  private final Owner owner;
  private final SwarmLimits limits;
  private final MuxedConnection muxed;
  private final LoopThreads.Carried threads;
  private final PeerId remotePeer;

  /** Handlers of inbound streams that still run, also after their stream was reset. */
  private final AtomicInteger serving = new AtomicInteger();

  /** What a connection needs of its host. */
  interface Owner {
    Predicate<String> servedTo(PeerId peer);

    /** Runs the handler of a stream, here or on another thread, and then {@code done}. */
    void handle(Stream stream, Runnable done);

    /** Told once. */
    void ended(SwarmConnection connection);
  }

  SwarmConnection(
      Owner owner, SwarmLimits limits, MuxedConnection muxed, LoopThreads.Carried threads) {
    this.owner = owner;
    this.limits = limits;
    this.muxed = muxed;
    this.threads = threads;
    this.remotePeer = muxed.remoteKey().peerId();
  }

  /** Begins to serve streams. */
  void start() {
    muxed.start(this);
  }

  // ---- the event loop ----

  @Override
  public void opened(MuxedStream stream) {
    if (serving.incrementAndGet() > limits.streams().inboundStreamsMax()) {
      serving.decrementAndGet();
      stream.reset();
      return;
    }
    StreamScope room;
    try {
      room = muxed.scope().stream(Direction.INBOUND);
    } catch (LimitReachedException e) {
      serving.decrementAndGet();
      stream.reset();
      return;
    }
    try {
      threads.execute(() -> serve(stream, room));
    } catch (RejectedExecutionException e) {
      serving.decrementAndGet();
      stream.reset(); // the host is closing
      room.close();
    }
  }

  @Override
  public void ended() {
    owner.ended(this);
  }

  // ---- virtual threads, which the event loop carries ----

  private void serve(MuxedStream stream, StreamScope room) {
    String protocol = "";
    boolean agreed = false;
    try {
      stream.timeout(limits.negotiationTimeout().toNanos());
      protocol = Multistream.accept(stream.input(), stream.output(), owner.servedTo(remotePeer));
      stream.timeout(0);
      room.protocol(protocol);
      agreed = true;
    } catch (IOException e) {
      LOG.debug("{} was served no protocol: {}", remotePeer, e.toString());
      return;
    } finally {
      if (!agreed) {
        stream.reset();
        room.close();
        serving.decrementAndGet();
      }
    }
    owner.handle(new SwarmStream(this, stream, protocol, room), serving::decrementAndGet);
  }

  @Override
  public Stream openStream(Duration timeout, String... protocols)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    StreamScope room = muxed.scope().stream(Direction.OUTBOUND);
    boolean agreed = false;
    MuxedStream stream = null;
    try {
      stream = muxed.open(timeout);
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException("no stream to " + remotePeer + " within " + timeout);
      }
      stream.timeout(left);
      String protocol = Multistream.dial(stream.input(), stream.output(), List.of(protocols));
      stream.timeout(0);
      room.protocol(protocol);
      agreed = true;
      return new SwarmStream(this, stream, protocol, room);
    } finally {
      if (!agreed) {
        if (stream != null) {
          stream.reset();
        }
        room.close();
      }
    }
  }

  // ---- any thread ----

  @Override
  public PeerId remotePeer() {
    return remotePeer;
  }

  @Override
  public PublicKey remoteKey() {
    return muxed.remoteKey();
  }

  @Override
  public Multiaddr remoteAddress() {
    return muxed.remoteAddress();
  }

  @Override
  public Multiaddr localAddress() {
    return muxed.localAddress();
  }

  @Override
  public boolean outbound() {
    return muxed.outbound();
  }

  @Override
  public ConnectionState state() {
    return muxed.state();
  }

  @Override
  public ThreadFactory streamThreads() {
    return threads;
  }

  @Override
  public boolean open() {
    return muxed.open();
  }

  @Override
  public void close() {
    muxed.close();
  }

  @Override
  public String toString() {
    return (outbound() ? "to " : "from ") + remotePeer + " at " + remoteAddress();
  }
}
