package dev.kith.libp2p.tls;

import dev.kith.libp2p.identity.PeerId;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Starts the handshakes of one host. Thread-safe. */
public final class TlsContext implements AutoCloseable {
  /** The protocol's name in multistream-select. */
  public static final String PROTOCOL = "/tls/1.0.0";

  /** What ALPN agrees on where the muxer is left to multistream. */
  static final String ALPN = "libp2p";

  private final List<String> muxers;
  private final PeerTrust trust;
  private final Engines engines;

  /**
   * @param muxers what is offered by ALPN, the best first; none leaves the agreement to multistream
   * @throws IllegalArgumentException when the provider is not available here
   */
  public TlsContext(
      TlsIdentity self, List<String> muxers, TlsProvider provider, InstantSource clock) {
    if (!provider.available()) {
      throw new IllegalArgumentException("provider: " + provider + " is not available here");
    }
    this.muxers = List.copyOf(muxers);
    this.trust = new PeerTrust(clock);
    // "libp2p" is always the last (libp2p/specs connections/inlined-muxer-negotiation).
    List<String> applications = Stream.concat(muxers.stream(), Stream.of(ALPN)).toList();
    this.engines =
        switch (provider) {
          case BORINGSSL -> new BoringSslEngines(self, applications, trust);
          case JDK -> new JdkEngines(self, applications, trust);
        };
  }

  /**
   * The side of who dialled; anybody but {@code expected} is refused before learning of it.
   *
   * @throws IOException when the context is closed
   */
  public TlsHandshake dial(ByteBufAllocator allocator, PeerId expected) throws IOException {
    return handshake(engines.dialler(allocator), expected);
  }

  /**
   * The side of who listened.
   *
   * @throws IOException when the context is closed
   */
  public TlsHandshake accept(ByteBufAllocator allocator) throws IOException {
    return handshake(engines.listener(allocator), null);
  }

  private TlsHandshake handshake(SSLEngine engine, @Nullable PeerId expected) {
    TlsHandshake handshake = new TlsHandshake(engine, expected, muxers, () -> trust.remove(engine));
    trust.add(handshake);
    return handshake;
  }

  /** Handshakes that were begun and not closed. */
  int underWay() {
    return trust.size();
  }

  /** Connections that stand go on. */
  @Override
  public void close() {
    engines.close();
  }
}
