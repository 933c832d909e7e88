package dev.kith.libp2p.quic;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.ConnectionScope;
import dev.kith.libp2p.tls.QuicTls;
import dev.kith.libp2p.tls.TlsHandshake;
import dev.kith.libp2p.transport.EventLoops;
import dev.kith.libp2p.transport.Gate;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A UDP socket with all QUIC connections that go over it. */
final class QuicSocket {
  private static final Logger LOG = LoggerFactory.getLogger(QuicSocket.class);
  private static final AttributeKey<TlsHandshake> TLS = AttributeKey.valueOf("kith-quic-tls");
  private static final AttributeKey<QuicConnection> CONNECTION =
      AttributeKey.valueOf("kith-quic-connection");

  /** 44 datagrams make what one call to the kernel takes, 64 KiB. */
  private static final int SEGMENTS_MAX = 44;

  private static final int DATAGRAM_BYTES = 1_350;

  /** They only keep connections alive. */
  private static final int DATAGRAMS_QUEUED = 8;

  private static final SegmentedDatagramPacketAllocator SEGMENTS =
      EventLoops.segmentsDatagrams()
          ? EpollQuicUtils.newSegmentedAllocator(SEGMENTS_MAX)
          : SegmentedDatagramPacketAllocator.NONE;

  private final QuicLimits limits;
  private final QuicTls tls;
  private final Gate gate;
  private final SecureRandom random;

  private @Nullable CodecDemux demux;
  private @Nullable Channel channel;

  QuicSocket(QuicLimits limits, QuicTls tls, Gate gate, SecureRandom random) {
    this.limits = limits;
    this.tls = tls;
    this.gate = gate;
    this.random = random;
  }

  // ---- setting up ----

  /** Sets up the socket's pipeline, before it is bound. */
  void install(ChannelPipeline pipeline, Consumer<QuicConnection> accept) {
    ChannelHandler listener =
        configured(new QuicServerCodecBuilder())
            .sslEngineProvider(this::acceptEngine)
            .tokenHandler(new RetryTokens(gate, random, InstantSource.system()))
            .option(ChannelOption.AUTO_READ, false)
            .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, SEGMENTS)
            .handler(onOpen(inbound -> begin(inbound, accept)))
            .streamHandler(new Streams())
            .build();
    ChannelHandler dialler =
        configured(new QuicClientCodecBuilder()).sslEngineProvider(QuicSocket::engine).build();
    demux = CodecDemux.install(pipeline, random, listener, dialler);
  }

  private <B extends QuicCodecBuilder<B>> B configured(B builder) {
    return builder
        .localConnectionIdLength(CodecDemux.ID_BYTES)
        .maxIdleTimeout(limits.idleMax().toMillis(), TimeUnit.MILLISECONDS)
        .maxSendUdpPayloadSize(DATAGRAM_BYTES)
        .initialMaxData(limits.connectionWindowBytes())
        .initialMaxStreamDataBidirectionalLocal(limits.streamWindowBytes())
        .initialMaxStreamDataBidirectionalRemote(limits.streamWindowBytes())
        .initialMaxStreamsBidirectional(limits.inboundStreamsMax())
        .initialMaxStreamsUnidirectional(0)
        .datagram(DATAGRAMS_QUEUED, DATAGRAMS_QUEUED);
  }

  /** To be called when it is bound. */
  void opened(Channel bound) {
    channel = bound;
  }

  private Channel channel() {
    Channel open = channel;
    if (open == null) {
      throw new IllegalStateException("not bound yet");
    }
    return open;
  }

  InetSocketAddress bound() {
    return (InetSocketAddress) channel().localAddress();
  }

  /** Whether datagrams from here arrive there, and answers here. */
  boolean reaches(InetAddress remote) {
    InetAddress local = bound().getAddress();
    return channel().isActive()
        && local.getAddress().length == remote.getAddress().length
        && (local.isAnyLocalAddress() || local.isLoopbackAddress() == remote.isLoopbackAddress());
  }

  // ---- connections ----

  /** Begins to dial; whoever does so aborts it unless it comes to an end. */
  QuicHandshake dial(InetSocketAddress remote, PeerId peer, ConnectionScope scope) {
    CodecDemux ids = demux;
    if (ids == null) {
      throw new IllegalStateException("not set up yet");
    }
    TlsHandshake handshake = tls.dial(peer);
    QuicHandshake pipe =
        new QuicHandshake(handshake, limits.handshakeTimeout(), new Outcome(scope, _ -> {}));
    Future<QuicChannel> connect =
        QuicChannel.newBootstrap(channel())
            .attr(TLS, handshake)
            .option(ChannelOption.AUTO_READ, false)
            // The handshake has a time of its own, and Netty does not cancel this one's timer: it
            // would hold a closed connection for half a minute.
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
            .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, SEGMENTS)
            .handler(pipe)
            .streamHandler(new Streams())
            .localConnectionAddress(ids.newId())
            .remoteAddress(remote)
            .connect();
    connect.addListener(
        done -> {
          if (!done.isSuccess()) {
            pipe.fail(done.cause());
          }
        });
    return pipe;
  }

  private static QuicSslEngine engine(QuicChannel channel) {
    return (QuicSslEngine) channel.attr(TLS).get().engine();
  }

  private QuicSslEngine acceptEngine(QuicChannel inbound) {
    TlsHandshake handshake = tls.accept();
    inbound.attr(TLS).set(handshake);
    return (QuicSslEngine) handshake.engine();
  }

  /** On the event loop, once an inbound connection is known to Netty. */
  private void begin(QuicChannel inbound, Consumer<QuicConnection> accept) {
    TlsHandshake handshake = inbound.attr(TLS).get();
    ConnectionScope scope;
    try {
      scope = gate.accepted(address(inbound));
    } catch (IOException e) {
      LOG.debug("a connection is refused: {}", e.getMessage());
      handshake.close();
      var _ = inbound.close();
      return;
    }
    inbound.closeFuture().addListener(_ -> scope.close());
    inbound
        .pipeline()
        .addLast(
            new QuicHandshake(handshake, limits.handshakeTimeout(), new Outcome(scope, accept)));
  }

  static Multiaddr address(QuicChannel remote) throws IOException {
    if (remote.remoteSocketAddress() instanceof InetSocketAddress address) {
      return Multiaddr.ofQuic(address);
    }
    throw new IOException("the remote has left already");
  }

  private final class Outcome implements QuicHandshake.Outcome {
    private final ConnectionScope scope;
    private final Consumer<QuicConnection> accept;

    Outcome(ConnectionScope scope, Consumer<QuicConnection> accept) {
      this.scope = scope;
      this.accept = accept;
    }

    @Override
    public QuicConnection established(QuicChannel open, TlsHandshake handshake) throws IOException {
      PublicKey remote = handshake.session().remoteKey();
      gate.secured(scope, remote.peerId(), address(open));
      open.closeFuture().addListener(_ -> scope.close());
      QuicConnection connection = new QuicConnection(open, remote, limits, scope);
      open.attr(CONNECTION).set(connection);
      return connection;
    }

    @Override
    public void over(@Nullable QuicConnection connection) {
      if (connection != null) {
        accept.accept(connection);
      }
    }
  }

  private static ChannelHandler onOpen(Consumer<QuicChannel> next) {
    return new ChannelInitializer<QuicChannel>() {
      @Override
      public boolean isSharable() {
        return true;
      }

      @Override
      protected void initChannel(QuicChannel channel) {
        next.accept(channel);
      }
    };
  }

  /** Brings inbound streams to their connections. */
  @ChannelHandler.Sharable
  private static final class Streams extends ChannelInitializer<QuicStreamChannel> {
    @Override
    protected void initChannel(QuicStreamChannel stream) {
      stream.parent().attr(CONNECTION).get().opened(stream);
    }
  }
}
