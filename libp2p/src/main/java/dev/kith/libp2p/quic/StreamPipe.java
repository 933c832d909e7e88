package dev.kith.libp2p.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop's side of a stream: a handler in its pipeline, and what other threads leave to the
 * loop. A stream is over when either direction is: by FIN, by a reset of either side, or, of the
 * sending one, by the remote's STOP_SENDING, after which what it sent can still be read.
 */
final class StreamPipe extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(StreamPipe.class);

  /** No reason is given (libp2p/specs error-codes). */
  private static final int NO_ERROR = 0;

  private final QuicLimits limits;
  private final Owner owner;
  private final QuicStream stream;
  private final Queue<Object> outgoing = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean draining = new AtomicBoolean();

  /** Set before any other thread learns of the stream. */
  private @Nullable QuicStreamChannel channel;

  // The event loop's own.
  private boolean received;
  private boolean sent;
  private boolean finReceived;
  private boolean over;
  private boolean dropping;
  private long dropped;
  private @Nullable Future<?> linger;

  /** What a stream needs of its connection. Called on the event loop. */
  interface Owner {
    /**
     * Told once when a stream is over.
     *
     * @param byReset whether it ended in a way that Netty does not see as its end
     */
    void over(QuicStreamChannel channel, boolean byReset);
  }

  StreamPipe(QuicLimits limits, Owner owner, QuicStream stream) {
    this.limits = limits;
    this.owner = owner;
    this.stream = stream;
  }

  private QuicStreamChannel channel() {
    QuicStreamChannel open = channel;
    if (open == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return open;
  }

  // ---- any thread ----

  /** Sends a buffer, whose size the stream has counted, after those that went before. */
  void send(ByteBuf bytes) throws IOException {
    outgoing.add(bytes);
    drainSoon();
  }

  /** Sends FIN after what was sent. */
  void finish() throws IOException {
    outgoing.add(QuicStreamFrame.EMPTY_FIN);
    drainSoon();
  }

  private void drainSoon() throws IOException {
    if (draining.compareAndSet(false, true) && !onLoop(this::drain)) {
      dropOutgoing();
      throw new IOException("the host is closed");
    }
  }

  void reset() {
    var _ = onLoop(this::resetNow);
  }

  /** What still comes is dropped; a remote that sends much, or never ends, is told to stop. */
  void readNoMore() {
    var _ = onLoop(this::dropNow);
  }

  void resume() {
    channel().config().setAutoRead(true);
  }

  private boolean onLoop(Runnable task) {
    try {
      channel().eventLoop().execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  // ---- the event loop ----

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = (QuicStreamChannel) context.channel();
    channel.config().setAllowHalfClosure(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (dropping) {
      dropped += bytes.readableBytes();
      bytes.release();
      if (dropped > limits.streamWindowBytes()) {
        stopRemote();
      }
    } else if (!stream.deliver(bytes)) {
      context.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      received = true;
      finReceived = true;
      stream.remoteClosed();
      endIfOver();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    boolean byRemote = cause instanceof QuicStreamResetException;
    if (!byRemote) {
      LOG.debug("a stream of {} failed", channel().parent(), cause);
    }
    stream.ended(byRemote ? "the peer reset the stream" : "the stream failed: " + cause);
    resetNow();
    if (cause instanceof Error error) {
      throw error;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    received = true;
    sent = true;
    stream.lost();
    end();
  }

  private void drain() {
    draining.set(false);
    for (Object next = outgoing.poll(); next != null; next = outgoing.poll()) {
      int bytes = next instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
      channel().write(next).addListener(done -> written(bytes, done));
    }
  }

  private void written(int bytes, Future<?> done) {
    stream.sent(bytes);
    if (!done.isSuccess()) {
      stream.stopped();
    }
    if (bytes == 0 || !done.isSuccess()) {
      sent = true;
      endIfOver();
    }
  }

  private void dropOutgoing() {
    for (Object next = outgoing.poll(); next != null; next = outgoing.poll()) {
      if (next instanceof ByteBuf bytes) {
        int size = bytes.readableBytes();
        bytes.release();
        stream.sent(size);
      }
    }
  }

  private void resetNow() {
    if (over) {
      return;
    }
    dropOutgoing();
    var _ = channel().shutdown(NO_ERROR, channel().newPromise());
    received = true;
    sent = true;
    endIfOver();
  }

  private void dropNow() {
    if (over || dropping) {
      return;
    }
    dropping = true;
    channel().config().setAutoRead(true);
    if (!received) {
      linger =
          channel()
              .eventLoop()
              .schedule(this::stopRemote, limits.lingerMax().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** STOP_SENDING: what was written here still arrives. */
  private void stopRemote() {
    if (!received) {
      received = true;
      var _ = channel().shutdownInput(NO_ERROR, channel().newPromise());
      endIfOver();
    }
  }

  private void endIfOver() {
    if (received && sent) {
      end();
    }
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    if (linger != null) {
      linger.cancel(false);
    }
    var _ = channel().close();
    owner.over(channel(), !finReceived);
  }
}
