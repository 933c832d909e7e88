package dev.kith.libp2p.swarm;

import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Protocol;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket over TLS (libp2p/specs websockets). This TLS is the web's: its certificate says which
 * name is served, and browsers insist on it. Who the peer is, is proved within, as over any socket.
 */
final class SecureWebSocketLayer implements SocketLayer {
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  private final @Nullable SslContext listener;
  private final SslContext dialler;

  /**
   * @param certificate to listen with; null where it only dials
   * @param trust whom to believe when it dials; null for the system's trust store
   */
  SecureWebSocketLayer(@Nullable WebCertificate certificate, @Nullable X509TrustManager trust) {
    // Not the reference-counted one: connections may outlive the transport by a moment.
    SslProvider provider = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    try {
      SslContextBuilder dialling = SslContextBuilder.forClient();
      if (trust != null) {
        dialling.trustManager(trust);
      }
      this.dialler = dialling.sslProvider(provider).protocols(VERSIONS).build();
      this.listener =
          certificate == null
              ? null
              : SslContextBuilder.forServer(certificate.key(), certificate.chain())
                  .sslProvider(provider)
                  .protocols(VERSIONS)
                  .build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("webCertificate: " + e.getMessage(), e);
    }
  }

  @Override
  public String transport() {
    return "wss";
  }

  @Override
  public Optional<InetSocketAddress> address(Multiaddr address) {
    return address.secureWebSocketAddress();
  }

  @Override
  public Multiaddr address(InetSocketAddress address) {
    return Multiaddr.ofSecureWebSocket(address);
  }

  @Override
  public void requireListening() {
    if (listener == null) {
      throw new IllegalArgumentException("listen: WebSocket over TLS needs a webCertificate");
    }
  }

  @Override
  public void accept(ChannelPipeline pipeline, Duration timeout, Runnable ready) {
    SslContext context = listener;
    if (context == null) {
      throw new IllegalStateException("it does not listen");
    }
    WebSocketBytes.accept(pipeline, timeout, ready);
    addFirst(pipeline, context.newHandler(pipeline.channel().alloc()), timeout);
  }

  /** The name is that of {@code /sni}; without one the certificate must be for the IP address. */
  @Override
  public void dial(ChannelPipeline pipeline, Multiaddr remote, Duration timeout, Runnable ready) {
    InetSocketAddress target = address(remote).orElseThrow();
    Optional<String> name = remote.value(Protocol.SNI);
    String host =
        name.map(n -> n + ":" + target.getPort())
            .orElseGet(() -> NetUtil.toSocketAddressString(target));
    WebSocketBytes.dial(pipeline, "wss://" + host + "/", timeout, ready);
    String peer = name.orElseGet(() -> NetUtil.toAddressString(target.getAddress()));
    addFirst(
        pipeline, dialler.newHandler(pipeline.channel().alloc(), peer, target.getPort()), timeout);
  }

  private static void addFirst(ChannelPipeline pipeline, SslHandler handler, Duration timeout) {
    handler.setHandshakeTimeoutMillis(Math.max(1, timeout.toMillis()));
    pipeline.addFirst(handler);
  }
}
