package dev.kith.libp2p.swarm;

import dev.kith.libp2p.transport.LoopLock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one socket, in two phases. First they queue up for a virtual thread, which runs the
 * handshake in straight-line code over {@link #input} and {@link #output}. Then {@link #handOver}
 * gives what is left, and all that follows, to a {@link Receiver} on the event loop.
 */
final class Wire extends ChannelInboundHandlerAdapter {
  /** What may queue up during a handshake before the socket is no longer read. */
  private static final int QUEUED_BYTES_MAX = 64 << 10;

  private final ReentrantLock lock = new LoopLock();
  private final Condition changed = lock.newCondition();
  private final Queue<ByteBuf> queue = new ArrayDeque<>();
  private final long deadline;
  private @Nullable Channel channel;
  private int queued;
  private @Nullable String closed;

  /** The event loop's own. */
  private @Nullable Receiver receiver;

  /** Takes bytes on the event loop; it never blocks. */
  interface Receiver {
    /** The buffer is the caller's, who releases it. */
    void received(ByteBuf bytes) throws IOException;

    /** Nothing more comes. */
    void closed(String reason);
  }

  /** {@code deadline}, by {@link System#nanoTime}, ends every wait of the first phase. */
  Wire(long deadline) {
    this.deadline = deadline;
  }

  // ---- the event loop ----

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    lock.lock();
    try {
      channel = context.channel();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
    ByteBuf bytes = (ByteBuf) message;
    Receiver target = receiver;
    if (target != null) {
      try {
        target.received(bytes);
      } finally {
        bytes.release();
      }
      return;
    }
    lock.lock();
    try {
      if (closed != null) {
        bytes.release();
        return;
      }
      queue.add(bytes);
      queued += bytes.readableBytes();
      if (queued > QUEUED_BYTES_MAX) {
        context.channel().config().setAutoRead(false);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end("the connection was lost");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // Netty wraps what a decoder throws.
    Throwable root = cause.getCause() instanceof IOException inner ? inner : cause;
    end(root instanceof IOException ? String.valueOf(root.getMessage()) : root.toString());
    var _ = context.close();
    if (cause instanceof Error error) {
      throw error;
    }
  }

  /** The remote's close_notify: TLS knows no half-closed connection that would be of use here. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      end("the peer closed the connection");
      var _ = context.close();
    }
    context.fireUserEventTriggered(event);
  }

  private void end(String reason) {
    Receiver target = receiver;
    if (target != null) {
      target.closed(reason);
      return;
    }
    lock.lock();
    try {
      if (closed == null) {
        closed = reason;
      }
      queue.forEach(ByteBuf::release);
      queue.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the first phase. To be called once, by the thread that ran the handshake. */
  void handOver(Receiver next) {
    Channel open = channel();
    open.eventLoop()
        .execute(
            () -> {
              try {
                drainTo(next);
              } catch (IOException | RuntimeException e) {
                open.pipeline().fireExceptionCaught(e);
              }
            });
  }

  private void drainTo(Receiver next) throws IOException {
    Queue<ByteBuf> rest;
    String reason;
    lock.lock();
    try {
      receiver = next;
      rest = new ArrayDeque<>(queue);
      queue.clear();
      reason = closed;
    } finally {
      lock.unlock();
    }
    try {
      for (ByteBuf bytes : rest) {
        next.received(bytes);
      }
    } finally {
      rest.forEach(ByteBuf::release);
    }
    if (reason != null) {
      next.closed(reason);
    } else {
      channel().config().setAutoRead(true);
    }
  }

  // ---- the handshake's thread ----

  Channel channel() {
    lock.lock();
    try {
      if (channel == null) {
        throw new IllegalStateException("not in a pipeline yet");
      }
      return channel;
    } finally {
      lock.unlock();
    }
  }

  /** What is left of the time for the first phase; at least 1. */
  long millisLeft() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
  }

  /** Waits for what the event loop does; it may have failed then. */
  void await(Future<?> future) throws IOException {
    try {
      if (!future.await(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        throw new SocketTimeoutException("the handshake took too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /**
   * Puts two handlers right before this: all that comes goes through them, also what is here
   * already.
   *
   * @param engine of the second handler, released where the handler does not come to do that
   */
  void insert(ChannelHandler first, ChannelHandler second, Object engine) throws IOException {
    Channel open = channel();
    Future<?> inserted;
    try {
      inserted = open.eventLoop().submit(() -> insertNow(open.pipeline(), first, second, engine));
    } catch (RejectedExecutionException e) {
      ReferenceCountUtil.release(engine);
      throw new IOException("the host is closed", e);
    }
    await(inserted);
    lock.lock();
    try {
      if (closed != null) {
        throw new IOException(closed);
      }
    } finally {
      lock.unlock();
    }
  }

  private void insertNow(
      ChannelPipeline pipeline, ChannelHandler first, ChannelHandler second, Object engine) {
    Queue<ByteBuf> early;
    lock.lock();
    try {
      if (closed != null) {
        ReferenceCountUtil.release(engine);
        return;
      }
      early = new ArrayDeque<>(queue);
      queue.clear();
      queued = 0;
    } finally {
      lock.unlock();
    }
    String here = pipeline.context(this).name();
    ChannelHandler entrance = new ChannelInboundHandlerAdapter();
    pipeline.addBefore(here, null, entrance);
    pipeline.addBefore(here, null, first);
    pipeline.addBefore(here, null, second);
    ChannelHandlerContext before = pipeline.context(entrance);
    early.forEach(before::fireChannelRead);
    before.fireChannelReadComplete();
    pipeline.remove(entrance);
    pipeline.channel().config().setAutoRead(true);
  }

  InputStream input() {
    return new Input();
  }

  OutputStream output() {
    return new Output();
  }

  private int read(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      while (queue.isEmpty()) {
        if (closed != null) {
          throw new IOException(closed);
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new SocketTimeoutException("the handshake took too long");
        }
        changed.awaitNanos(left);
      }
      ByteBuf first = queue.element();
      int size = Math.min(length, first.readableBytes());
      first.readBytes(bytes, offset, size);
      queued -= size;
      if (!first.isReadable()) {
        queue.remove().release();
      }
      if (queued <= QUEUED_BYTES_MAX / 2 && channel != null) {
        channel.config().setAutoRead(true);
      }
      return size;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      return length == 0 ? 0 : Wire.this.read(bytes, offset, length);
    }
  }

  /** Handshake messages are short and answered one by one, so nothing waits for room here. */
  private final class Output extends OutputStream {
    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      Channel open = channel();
      var _ = open.writeAndFlush(Unpooled.copiedBuffer(bytes, offset, length), open.voidPromise());
    }
  }
}
