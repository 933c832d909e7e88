package dev.kith.libp2p.swarm;

import dev.kith.libp2p.multiaddr.Multiaddr;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;

/** A dialler that speaks QUIC by Netty alone, as wrongly as the test wants. */
final class QuicPeer implements AutoCloseable {
  private static final int SECONDS_MAX = 20;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final InetSocketAddress remote;
  private final Channel socket;

  /**
   * @param deaf whether all that comes back is lost on the way
   */
  QuicPeer(Multiaddr address, KeyManager shown, boolean deaf, String... applications)
      throws InterruptedException {
    remote = address.quicAddress().orElseThrow();
    QuicSslContext tls =
        QuicSslContextBuilder.forClient()
            .keyManager(shown, null)
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .applicationProtocols(applications)
            .build();
    socket =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void handlerAdded(ChannelHandlerContext context) {
                    if (deaf) {
                      context.pipeline().addLast(new Deaf());
                    }
                    context
                        .pipeline()
                        .addLast(
                            new QuicClientCodecBuilder()
                                .sslContext(tls)
                                .maxIdleTimeout(8, TimeUnit.SECONDS)
                                .initialMaxData(1 << 20)
                                .initialMaxStreamDataBidirectionalLocal(64 << 10)
                                .initialMaxStreamDataBidirectionalRemote(64 << 10)
                                .initialMaxStreamsBidirectional(100)
                                .build());
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
  }

  private static final class Deaf extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
    }
  }

  /** Begins a handshake. */
  Future<QuicChannel> begin() {
    return QuicChannel.newBootstrap(socket)
        .handler(new ChannelInboundHandlerAdapter())
        .streamHandler(new ChannelInboundHandlerAdapter())
        .remoteAddress(remote)
        .connect();
  }

  /** A connection, as far as a client can know. */
  QuicChannel connect() throws InterruptedException {
    return begin().sync().getNow();
  }

  /** Whether the handshake fails, or the connection is closed soon after it. */
  boolean isRefused() throws InterruptedException {
    Future<QuicChannel> connect = begin().await();
    return !connect.isSuccess() || isClosed(connect.getNow());
  }

  static boolean isClosed(QuicChannel connection) throws InterruptedException {
    return connection.closeFuture().await(SECONDS_MAX, TimeUnit.SECONDS);
  }

  /** A stream whose bytes wait in {@link Received}. */
  static QuicStreamChannel open(QuicChannel connection, Received received)
      throws InterruptedException {
    return connection.createStream(QuicStreamType.BIDIRECTIONAL, received).sync().getNow();
  }

  /** What came on a stream. */
  static final class Received extends ChannelInboundHandlerAdapter {
    final BlockingQueue<Integer> bytes = new LinkedBlockingQueue<>();
    volatile boolean failed;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      while (in.isReadable()) {
        bytes.add((int) in.readUnsignedByte());
      }
      in.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      failed = true;
    }

    /** Waits until so many bytes have come. */
    void await(int count) throws InterruptedException {
      for (int i = 0; i < count; i++) {
        if (bytes.poll(SECONDS_MAX, TimeUnit.SECONDS) == null) {
          throw new AssertionError(i + " bytes came of " + count);
        }
      }
    }
  }

  @Override
  public void close() {
    socket.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
