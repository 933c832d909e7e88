package dev.kith.libp2p.swarm;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.ConnectionState;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multistream.Multistream;
import dev.kith.libp2p.yamux.ReceiveMemory;
import dev.kith.libp2p.yamux.YamuxMuxer;
import dev.kith.libp2p.yamux.YamuxStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection over TCP, a secure channel and yamux. */
final class TcpConnection implements Connection, Wire.Receiver, YamuxMuxer.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);
  private static final Duration TICK = Duration.ofSeconds(5);

  private final Owner owner;
  private final SwarmLimits limits;
  private final Upgrader.Upgraded upgraded;
  private final Channel channel;
  private final PeerId remotePeer;
  private final Multiaddr remoteAddress;
  private final Multiaddr localAddress;
  private final boolean outbound;
  private final LoopThreads.Carried threads;
  private final SocketSink sink;
  private final SecureChannel.Opener opener;
  private final YamuxMuxer muxer;
  private final AtomicBoolean open = new AtomicBoolean(true);

  /** Handlers of inbound streams that still run, also after their stream was reset. */
  private final AtomicInteger serving = new AtomicInteger();

  /** What a connection needs of its host. */
  interface Owner {
    Predicate<String> servedTo(PeerId peer);

    /** Runs the handler of a stream, here or on another thread, and then {@code done}. */
    void handle(Stream stream, Runnable done);

    /** Told once. */
    void ended(TcpConnection connection);
  }

  TcpConnection(
      Owner owner,
      SwarmLimits limits,
      Upgrader.Upgraded upgraded,
      Multiaddr remoteAddress,
      Multiaddr localAddress,
      boolean outbound,
      LoopThreads.Carried threads,
      SendMemory sendMemory,
      ReceiveMemory receiveMemory) {
    this.owner = owner;
    this.limits = limits;
    this.upgraded = upgraded;
    this.channel = upgraded.wire().channel();
    this.remotePeer = upgraded.remotePeer();
    this.remoteAddress = remoteAddress;
    this.localAddress = localAddress;
    this.outbound = outbound;
    this.threads = threads;
    this.sink =
        new SocketSink(channel, upgraded.channel().sealer(), sendMemory, limits.pendingBytesMax());
    this.muxer = new YamuxMuxer(outbound, limits.streams(), receiveMemory, sink, this);
    this.opener = upgraded.channel().opener(muxer::received);
  }

  /** Begins to serve streams. */
  void start() {
    channel
        .eventLoop()
        .execute(
            () -> {
              byte[] rest = upgraded.channel().rest();
              muxer.received(rest, 0, rest.length);
            });
    upgraded.wire().handOver(this);
    var ticks =
        channel
            .eventLoop()
            .scheduleAtFixedRate(muxer::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> ticks.cancel(false));
  }

  // ---- the event loop ----

  @Override
  public void received(ByteBuf bytes) throws IOException {
    opener.received(bytes);
  }

  @Override
  public void closed(String reason) {
    end(reason);
  }

  @Override
  public void opened(YamuxStream stream) {
    if (serving.incrementAndGet() > limits.streams().inboundStreamsMax()) {
      serving.decrementAndGet();
      stream.reset();
      return;
    }
    try {
      threads.execute(() -> serve(stream));
    } catch (RejectedExecutionException e) {
      stream.reset(); // the host is closing
    }
  }

  @Override
  public void failed(String reason, boolean violation) {
    if (violation) {
      LOG.info("{} at {} broke yamux: {}", remotePeer, remoteAddress, reason);
    }
    end(reason);
  }

  private void end(String reason) {
    if (open.compareAndSet(true, false)) {
      sink.ended();
      owner.ended(this);
    }
    muxer.ended(reason);
    var _ = channel.close();
  }

  // ---- virtual threads, which the event loop carries ----

  private void serve(YamuxStream stream) {
    String protocol;
    try {
      stream.timeout(limits.negotiationTimeout().toNanos());
      protocol = Multistream.accept(stream.input(), stream.output(), owner.servedTo(remotePeer));
      stream.timeout(0);
    } catch (IOException e) {
      LOG.debug("{} named no protocol: {}", remotePeer, e.toString());
      stream.reset();
      serving.decrementAndGet();
      return;
    }
    owner.handle(new SwarmStream(this, stream, protocol), serving::decrementAndGet);
  }

  @Override
  public Stream openStream(Duration timeout, String... protocols)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    YamuxStream stream = muxer.open(timeout);
    boolean agreed = false;
    try {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException("no stream to " + remotePeer + " within " + timeout);
      }
      stream.timeout(left);
      String protocol = Multistream.dial(stream.input(), stream.output(), List.of(protocols));
      stream.timeout(0);
      agreed = true;
      return new SwarmStream(this, stream, protocol);
    } finally {
      if (!agreed) {
        stream.reset();
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
    return upgraded.channel().remoteKey();
  }

  @Override
  public Multiaddr remoteAddress() {
    return remoteAddress;
  }

  @Override
  public Multiaddr localAddress() {
    return localAddress;
  }

  @Override
  public boolean outbound() {
    return outbound;
  }

  @Override
  public ConnectionState state() {
    return new ConnectionState(
        "tcp",
        upgraded.channel().security().protocol(),
        YamuxMuxer.PROTOCOL,
        upgraded.earlyMuxer());
  }

  @Override
  public ThreadFactory streamThreads() {
    return threads;
  }

  @Override
  public boolean open() {
    return open.get();
  }

  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      muxer.close();
      owner.ended(this);
      muxer.ended("the connection was closed");
    }
  }

  @Override
  public String toString() {
    return (outbound ? "to " : "from ") + remotePeer + " at " + remoteAddress;
  }
}
