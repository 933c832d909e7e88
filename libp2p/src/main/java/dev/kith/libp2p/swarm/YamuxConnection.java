package dev.kith.libp2p.swarm;

import dev.kith.libp2p.host.ConnectionState;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.ConnectionScope;
import dev.kith.libp2p.resource.Direction;
import dev.kith.libp2p.transport.MuxedConnection;
import dev.kith.libp2p.transport.MuxedStream;
import dev.kith.libp2p.transport.SendMemory;
import dev.kith.libp2p.yamux.ReceiveMemory;
import dev.kith.libp2p.yamux.YamuxMuxer;
import dev.kith.libp2p.yamux.YamuxStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket, a secure channel and yamux. */
final class YamuxConnection implements MuxedConnection, Wire.Receiver, YamuxMuxer.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(YamuxConnection.class);
  private static final Duration TICK = Duration.ofSeconds(5);

  private final String transport;
  private final Upgrader.Upgraded upgraded;
  private final Channel channel;
  private final Multiaddr remoteAddress;
  private final Multiaddr localAddress;
  private final ConnectionScope scope;
  private final SocketSink sink;
  private final SecureChannel.Opener opener;
  private final YamuxMuxer muxer;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final AtomicBoolean endTold = new AtomicBoolean();
  private volatile @Nullable Listener listener;

  YamuxConnection(
      String transport,
      SwarmLimits limits,
      Upgrader.Upgraded upgraded,
      Multiaddr remoteAddress,
      Multiaddr localAddress,
      ConnectionScope scope) {
    this.transport = transport;
    this.upgraded = upgraded;
    this.channel = upgraded.wire().channel();
    this.remoteAddress = remoteAddress;
    this.localAddress = localAddress;
    this.scope = scope;
    SendMemory sendMemory = new SendMemory(limits.pendingBytesMax(), scope.sending());
    this.sink =
        new SocketSink(channel, upgraded.channel().sealer(), sendMemory, limits.pendingBytesMax());
    ReceiveMemory receiveMemory = new ReceiveMemory(scope.growth(), scope.received());
    this.muxer = new YamuxMuxer(outbound(), limits.streams(), receiveMemory, sink, this);
    this.opener = upgraded.channel().opener(muxer::received);
  }

  @Override
  public void start(Listener told) {
    listener = told;
    if (!open.get()) {
      tellEnded(); // closed since it was made
    }
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
    Listener told = listener;
    if (told == null) {
      throw new IllegalStateException("a stream before the start");
    }
    told.opened(stream);
  }

  @Override
  public void failed(String reason, boolean violation) {
    if (violation) {
      LOG.info("{} at {} broke yamux: {}", remoteKey().peerId(), remoteAddress, reason);
    }
    end(reason);
  }

  private void end(String reason) {
    if (open.compareAndSet(true, false)) {
      sink.ended();
      tellEnded();
    }
    muxer.ended(reason);
    var _ = channel.close();
  }

  private void tellEnded() {
    Listener told = listener;
    if (told != null && endTold.compareAndSet(false, true)) {
      told.ended();
    }
  }

  // ---- any thread ----

  @Override
  public MuxedStream open(Duration timeout) throws IOException, InterruptedException {
    return muxer.open(timeout);
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
    return scope.direction() == Direction.OUTBOUND;
  }

  @Override
  public ConnectionState state() {
    return new ConnectionState(
        transport,
        upgraded.channel().security().protocol(),
        YamuxMuxer.PROTOCOL,
        upgraded.earlyMuxer());
  }

  @Override
  public ConnectionScope scope() {
    return scope;
  }

  @Override
  public Executor eventLoop() {
    return channel.eventLoop();
  }

  @Override
  public boolean open() {
    return open.get();
  }

  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      muxer.close();
      tellEnded();
      muxer.ended("the connection was closed");
    }
  }
}
