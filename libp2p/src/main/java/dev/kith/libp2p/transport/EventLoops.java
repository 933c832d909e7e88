package dev.kith.libp2p.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Netty's part of a host: event loops, all its sockets and how they are set up; epoll where it is
 * to be had.
 */
public final class EventLoops {
  private static final boolean EPOLL = Epoll.isAvailable();
  private static final int LOOPS_MAX = 4;

  /** Reads of 64 KiB cost a third of the throughput. */
  private static final int READ_BYTES_MAX = 512 << 10;

  /** The kernel may give less. */
  private static final int DATAGRAM_BUFFER_BYTES = 4 << 20;

  /**
   * Taken at once before anything is answered. With one, Netty's default, QUIC acknowledges each
   * datagram by itself, the remote sends one for each acknowledgement, and neither the kernel nor
   * QUIC has anything to put together: a quarter of the throughput where streams are many.
   */
  private static final int DATAGRAM_READS_MAX = 16;

  private static final int DATAGRAM_READ_BYTES = 64 << 10;

  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

  private final EventLoopGroup loops;

  /** Every socket that is open. One that comes after the close is closed at once. */
  private final ChannelGroup sockets = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  /** Starts threads as they are needed. */
  public EventLoops() {
    int count = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, LOOPS_MAX);
    IoHandlerFactory handlers = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.loops =
        new MultiThreadIoEventLoopGroup(
            count, new DefaultThreadFactory("kith-net", true), handlers);
  }

  /** For an outbound TCP socket, which is set up by {@code open} on its event loop. */
  public Bootstrap dialler(Duration timeout, Consumer<Channel> open) {
    return new Bootstrap()
        .group(loops)
        .channel(EPOLL ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(timeout))
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.RECVBUF_ALLOCATOR, readSizes())
        .handler(onOpen(open));
  }

  /** For inbound TCP sockets, each of which is set up by {@code accept} on its event loop. */
  public ServerBootstrap listener(Consumer<Channel> accept) {
    return new ServerBootstrap()
        .group(loops)
        .channel(EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, 1_024)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, readSizes())
        .handler(onOpen(_ -> {}))
        .childHandler(onOpen(accept));
  }

  /** For a UDP socket, which is set up by {@code open} on its event loop. */
  public Bootstrap datagrams(boolean ip6, Consumer<Channel> open) {
    SocketProtocolFamily family = ip6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops)
            .option(ChannelOption.SO_RCVBUF, DATAGRAM_BUFFER_BYTES)
            .option(ChannelOption.SO_SNDBUF, DATAGRAM_BUFFER_BYTES)
            .option(ChannelOption.RECVBUF_ALLOCATOR, datagramReads())
            .handler(onOpen(open));
    if (EPOLL) {
      return bootstrap
          .channelFactory(() -> new EpollDatagramChannel(family))
          .option(EpollChannelOption.UDP_GRO, true);
    }
    return bootstrap.channelFactory(() -> new NioDatagramChannel(family));
  }

  /** Whether the kernel cuts what is sent over {@link #datagrams} into datagrams. */
  public static boolean segmentsDatagrams() {
    return EPOLL && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
  }

  private ChannelHandler onOpen(Consumer<Channel> next) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        sockets.add(channel);
        next.accept(channel);
      }
    };
  }

  private static AdaptiveRecvByteBufAllocator readSizes() {
    return new AdaptiveRecvByteBufAllocator(2_048, 16_384, READ_BYTES_MAX);
  }

  private static RecvByteBufAllocator datagramReads() {
    return new FixedRecvByteBufAllocator(DATAGRAM_READ_BYTES)
        .maxMessagesPerRead(DATAGRAM_READS_MAX);
  }

  private static int millis(Duration timeout) {
    return Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
  }

  /** Closes what is open; what is opened from now on is closed at once. Blocks until then. */
  public void closeSockets() {
    sockets.close().awaitUninterruptibly(CLOSE_MAX.toMillis());
  }

  /**
   * Ends the event loops; blocks until they are gone. Loops that end with sockets or tasks left
   * forget them, so this comes after {@link #closeSockets}, and after the threads that use them.
   */
  public void close() {
    loops
        .shutdownGracefully(0, CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * CLOSE_MAX.toMillis());
  }
}
