package dev.kith.libp2p.tls;

import dev.kith.libp2p.identity.PeerId;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ClientAuth;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Starts the handshakes of one host's QUIC connections: the same certificates and the same judge as
 * over TCP, in the BoringSSL that comes with Netty's QUIC. Thread-safe.
 */
public final class QuicTls {
  private final PeerTrust trust;
  private final QuicSslContext dialler;
  private final QuicSslContext listener;

  /**
   * @throws IllegalStateException where it is not {@link #available}
   */
  public QuicTls(TlsIdentity self, InstantSource clock) {
    if (!available()) {
      throw new IllegalStateException("no QUIC: " + unavailable());
    }
    this.trust = new PeerTrust(clock);
    this.dialler =
        configured(QuicSslContextBuilder.forClient().keyManager(self.key(), null, self.chain()))
            .endpointIdentificationAlgorithm(null)
            .build();
    this.listener =
        configured(QuicSslContextBuilder.forServer(self.key(), null, self.chain()))
            .clientAuth(ClientAuth.REQUIRE)
            .build();
  }

  private QuicSslContextBuilder configured(QuicSslContextBuilder builder) {
    return builder.trustManager(trust).applicationProtocols(TlsContext.ALPN).earlyData(false);
  }

  /** Whether Netty brings QUIC for this platform. The first call takes some ten milliseconds. */
  public static boolean available() {
    return Quic.isAvailable();
  }

  /** Why it is not. */
  public static String unavailable() {
    Throwable cause = Quic.unavailabilityCause();
    return cause == null ? "it is available" : String.valueOf(cause.getMessage());
  }

  /**
   * The side of who dials; anybody but {@code expected} is refused before learning of it. The
   * engine is one for QUIC.
   */
  public TlsHandshake dial(PeerId expected) {
    return handshake(dialler, expected);
  }

  /** The side of who listens. */
  public TlsHandshake accept() {
    return handshake(listener, null);
  }

  private TlsHandshake handshake(QuicSslContext context, @Nullable PeerId expected) {
    SSLEngine engine = context.newEngine(ByteBufAllocator.DEFAULT);
    TlsHandshake handshake =
        new TlsHandshake(engine, expected, List.of(), () -> trust.remove(engine));
    trust.add(handshake);
    return handshake;
  }

  /** Handshakes that were begun and not closed. */
  public int underWay() {
    return trust.size();
  }
}
