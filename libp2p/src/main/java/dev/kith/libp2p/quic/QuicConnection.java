package dev.kith.libp2p.quic;

import dev.kith.libp2p.host.ConnectionState;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.ConnectionScope;
import dev.kith.libp2p.resource.Direction;
import dev.kith.libp2p.resource.MemoryAccount;
import dev.kith.libp2p.transport.LoopLock;
import dev.kith.libp2p.transport.MuxedConnection;
import dev.kith.libp2p.transport.MuxedStream;
import dev.kith.libp2p.transport.SendMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicDatagramExtensionEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamLimitChangedEvent;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A QUIC connection whose handshake is through. */
final class QuicConnection implements MuxedConnection {
  private static final Logger LOG = LoggerFactory.getLogger(QuicConnection.class);

  // libp2p/specs error-codes.
  private static final int NO_ERROR = 0;
  private static final int RESOURCE_LIMIT_EXCEEDED = 0x1002;

  private final QuicChannel channel;
  private final PublicKey remoteKey;
  private final Multiaddr remoteAddress;
  private final Multiaddr localAddress;
  private final QuicLimits limits;
  private final ConnectionScope scope;
  private final MemoryAccount received;
  private final SendMemory sending;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final AtomicBoolean endTold = new AtomicBoolean();
  private final AtomicInteger outboundStreams = new AtomicInteger();
  private volatile @Nullable Listener listener;

  /** For those who wait until the remote takes another stream. */
  private final ReentrantLock lock = new LoopLock();

  private final Condition changed = lock.newCondition();

  /** Counts what those have to look at again. Guarded by the lock. */
  private long changes;

  // The event loop's own.
  private boolean takesDatagrams;
  private int resetStreams;

  QuicConnection(
      QuicChannel channel, PublicKey remoteKey, QuicLimits limits, ConnectionScope scope) {
    this.channel = channel;
    this.remoteKey = remoteKey;
    this.remoteAddress = address(channel.remoteSocketAddress());
    this.localAddress = address(channel.localSocketAddress());
    this.limits = limits;
    this.scope = scope;
    this.received = scope.received();
    this.sending = new SendMemory(limits.unsentBytesMax(), scope.sending());
  }

  private static Multiaddr address(java.net.@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress known) {
      return Multiaddr.ofQuic(known);
    }
    throw new IllegalStateException("a connection without addresses");
  }

  @Override
  public void start(Listener told) {
    listener = told;
    if (!open.get()) {
      tellEnded(); // closed since it was made
    }
    channel.config().setAutoRead(true);
    long millis = limits.keepAlive().toMillis();
    var ticks =
        channel
            .eventLoop()
            .scheduleAtFixedRate(this::keepAlive, millis, millis, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(_ -> ticks.cancel(false));
  }

  // ---- the event loop ----

  /** Goes into the connection's pipeline once this is made. */
  final class Pipe extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf datagram) {
        datagram.release(); // the remote's way to keep the connection alive
      } else {
        context.fireChannelRead(message);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      switch (event) {
        case QuicStreamLimitChangedEvent _ -> wake();
        case QuicDatagramExtensionEvent _ -> takesDatagrams();
        case QuicConnectionCloseEvent close -> {
          LOG.debug("{} closes: {}", QuicConnection.this, close);
          // Left to itself, quiche keeps the connection for three more time-outs. Streams get what
          // came with the close first: Netty is within a receive.
          channel.eventLoop().execute(QuicConnection.this::leave);
        }
        default -> {
          // Of migrations and early data, which are quiche's business.
        }
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.debug("{} broke QUIC, or its network did: {}", QuicConnection.this, cause.toString());
      if (cause instanceof Error error) {
        throw error;
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end();
    }
  }

  /** The remote lets itself be sent datagrams. */
  void takesDatagrams() {
    takesDatagrams = true;
  }

  /** The remote opened a stream. */
  void opened(QuicStreamChannel inbound) {
    QuicStream stream = new QuicStream(limits, received, sending, this::inboundOver);
    inbound.pipeline().addLast(stream.pipe());
    Listener told = listener;
    if (told == null) {
      throw new IllegalStateException("a stream before the start");
    }
    told.opened(stream);
  }

  private void inboundOver(QuicStreamChannel stream, boolean byReset) {
    if (!byReset || EndedStreams.forget(stream)) {
      return;
    }
    resetStreams++;
    if (resetStreams > limits.resetStreamsMax()) {
      LOG.info("{} had {} streams reset: closing it", this, resetStreams);
      close(RESOURCE_LIMIT_EXCEEDED);
    }
  }

  private void outboundOver(QuicStreamChannel stream, boolean byReset) {
    outboundStreams.decrementAndGet();
    inboundOver(stream, byReset);
    wake();
  }

  /**
   * Netty's QUIC cannot send PING; a datagram has to be acknowledged just the same. A remote that
   * takes none has to keep the connection alive itself, as go, rust and js do.
   */
  private void keepAlive() {
    if (takesDatagrams) {
      var _ = channel.writeAndFlush(channel.alloc().directBuffer(1).writeByte(0));
    }
  }

  private void wake() {
    lock.lock();
    try {
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The remote has closed the connection. */
  private void leave() {
    end();
    var _ = channel.close();
  }

  private void end() {
    if (open.compareAndSet(true, false)) {
      tellEnded();
      wake();
    }
  }

  private void tellEnded() {
    Listener told = listener;
    if (told != null && endTold.compareAndSet(false, true)) {
      told.ended();
    }
  }

  // ---- virtual threads ----

  @Override
  public MuxedStream open(Duration timeout) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (outboundStreams.incrementAndGet() > limits.outboundStreamsMax()) {
      outboundStreams.decrementAndGet();
      throw new IOException("the connection has as many streams as it may");
    }
    QuicStream stream = null;
    try {
      long seen = changes();
      stream = tryOpen();
      while (stream == null) {
        awaitChange(seen, deadline);
        seen = changes();
        stream = tryOpen();
      }
      return stream;
    } finally {
      if (stream == null) {
        outboundStreams.decrementAndGet();
      }
    }
  }

  private long changes() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  private void awaitChange(long seen, long deadline) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (changes == seen) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new SocketTimeoutException("the peer takes no more streams");
        }
        var _ = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Null where the remote takes none at the moment. */
  private @Nullable QuicStream tryOpen() throws IOException, InterruptedException {
    QuicStream stream = new QuicStream(limits, received, sending, this::outboundOver);
    Future<Boolean> made;
    try {
      made = channel.eventLoop().submit(() -> create(stream));
    } catch (RejectedExecutionException e) {
      throw new IOException("the host is closed", e);
    }
    boolean known = false;
    try {
      made.await();
      known = true;
    } finally {
      if (!known) {
        made.addListener(late -> undo(late, stream));
      }
    }
    if (!made.isSuccess()) {
      throw new IOException("no stream: " + made.cause(), made.cause());
    }
    return made.getNow() ? stream : null;
  }

  /** A stream that was made for somebody who has left; its end must not be counted twice. */
  private void undo(Future<? super Boolean> made, QuicStream stream) {
    if (made.isSuccess() && Boolean.TRUE.equals(made.getNow())) {
      outboundStreams.incrementAndGet();
      stream.reset();
    }
  }

  /** A refusal by quiche would cost an id for ever, so it is asked only for what it has. */
  private boolean create(QuicStream stream) throws IOException {
    if (!open.get()) {
      throw new IOException("the connection is closed");
    }
    if (channel.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) <= 0) {
      return false;
    }
    Future<QuicStreamChannel> made =
        channel.createStream(QuicStreamType.BIDIRECTIONAL, stream.pipe());
    if (!made.isSuccess()) {
      throw new IOException("no stream", made.cause());
    }
    return true;
  }

  // ---- any thread ----

  @Override
  public PublicKey remoteKey() {
    return remoteKey;
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
  public ConnectionState state() {
    return new ConnectionState("quic-v1", "", "", false);
  }

  @Override
  public boolean outbound() {
    return scope.direction() == Direction.OUTBOUND;
  }

  @Override
  public ConnectionScope scope() {
    return scope;
  }

  @Override
  public boolean open() {
    return open.get();
  }

  @Override
  public Executor eventLoop() {
    return channel.eventLoop();
  }

  @Override
  public void close() {
    close(NO_ERROR);
  }

  private void close(int code) {
    end();
    var _ = channel.close(true, code, Unpooled.EMPTY_BUFFER);
  }

  @Override
  public String toString() {
    return remoteKey.peerId() + " at " + remoteAddress;
  }
}
