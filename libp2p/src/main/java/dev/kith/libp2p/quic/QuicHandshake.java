package dev.kith.libp2p.quic;

import dev.kith.libp2p.tls.TlsHandshake;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicDatagramExtensionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands in a connection's pipeline until its handshake is through, and then lets a {@link
 * QuicConnection} take its place. It ends in one of two ways, once, on the event loop.
 */
final class QuicHandshake extends ChannelInboundHandlerAdapter {
  private final TlsHandshake tls;
  private final Duration timeout;
  private final Outcome outcome;
  private final CountDownLatch done = new CountDownLatch(1);

  private volatile @Nullable QuicChannel channel;
  private volatile boolean aborted;
  private volatile @Nullable QuicConnection connection;
  private volatile @Nullable IOException failure;

  // The event loop's own.
  private boolean over;
  private boolean datagrams;
  private @Nullable Future<?> deadline;

  /** What comes of a handshake. Called on the event loop; must not block. */
  interface Outcome {
    /** Makes the connection; its handler is put in place and inbound streams wait. */
    QuicConnection established(QuicChannel channel, TlsHandshake tls) throws IOException;

    /** Told once, last, whatever has come of it. */
    void over(@Nullable QuicConnection connection);
  }

  QuicHandshake(TlsHandshake tls, Duration timeout, Outcome outcome) {
    this.tls = tls;
    this.timeout = timeout;
    this.outcome = outcome;
  }

  // ---- the event loop ----

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    QuicChannel added = (QuicChannel) context.channel();
    channel = added;
    if (aborted) {
      var _ = added.close();
      return;
    }
    deadline =
        added
            .eventLoop()
            .schedule(QuicHandshake.close(added), timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Runnable close(QuicChannel channel) {
    return () -> {
      var _ = channel.close();
    };
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion) {
      if (completion.isSuccess()) {
        establish(context);
      } else {
        fail(completion.cause());
      }
    }
    if (event instanceof QuicConnectionCloseEvent) {
      fail(new ClosedChannelException()); // it would take three more time-outs to show
      closeSoon(context);
    }
    if (event instanceof QuicDatagramExtensionEvent) {
      datagrams = true; // it comes before the handshake's end on one side, after it on the other
    }
    context.fireUserEventTriggered(event);
  }

  private void establish(ChannelHandlerContext context) {
    if (over || aborted) {
      return;
    }
    try {
      QuicConnection made = outcome.established((QuicChannel) context.channel(), tls);
      over = true;
      context.pipeline().replace(this, null, made.new Pipe());
      if (datagrams) {
        made.takesDatagrams();
      }
      end(made, null);
    } catch (IOException e) {
      end(null, e);
      closeSoon(context);
    }
  }

  /** Netty may be sending: closed now, the connection would be gone before the remote is told. */
  private static void closeSoon(ChannelHandlerContext context) {
    context.channel().eventLoop().execute(close((QuicChannel) context.channel()));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(cause);
    closeSoon(context);
    if (cause instanceof Error error) {
      throw error;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(new ClosedChannelException());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    fail(new ClosedChannelException());
  }

  /** The connection could not be made; a second report changes nothing. */
  void fail(@Nullable Throwable cause) {
    if (!over) {
      end(null, tls.failure(cause));
    }
  }

  private void end(@Nullable QuicConnection made, @Nullable IOException failed) {
    over = true;
    connection = made;
    failure = failed;
    if (deadline != null) {
      deadline.cancel(false);
    }
    tls.close();
    outcome.over(made);
    done.countDown();
  }

  // ---- the dialler's thread ----

  /**
   * The connection; null where there is none yet at the deadline, by {@link System#nanoTime}.
   *
   * @throws IOException when there will be none
   */
  @Nullable QuicConnection await(long deadlineNanos) throws IOException, InterruptedException {
    if (!done.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      return null;
    }
    IOException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return connection;
  }

  /** Closes what there is, and what comes of it yet. */
  void abort() {
    aborted = true;
    QuicConnection made = connection;
    QuicChannel added = channel;
    if (made != null) {
      made.close();
    } else if (added != null) {
      var _ = added.close();
    }
  }
}
