package dev.kith.libp2p.tls;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * One handshake: its engine, and what the remote's certificate proved. The engine's tasks call
 * {@link #verify} on any thread; the rest belongs to the thread that waits for the handshake.
 */
public final class TlsHandshake implements AutoCloseable {
  private static final String VERSION = "TLSv1.3";

  private final SSLEngine engine;
  private final @Nullable PeerId expected;
  private final List<String> muxers;
  private final Runnable forget;
  private volatile @Nullable PublicKey remoteKey;
  private volatile @Nullable IOException refusal;

  TlsHandshake(SSLEngine engine, @Nullable PeerId expected, List<String> muxers, Runnable forget) {
    this.engine = engine;
    this.expected = expected;
    this.muxers = muxers;
    this.forget = forget;
  }

  /** What runs it. Of BoringSSL it is reference-counted, and the caller's to release. */
  public SSLEngine engine() {
    return engine;
  }

  /** The certificates of the remote: an exception makes the engine send an alert. */
  void verify(X509Certificate[] chain, Instant now) throws CertificateException {
    try {
      if (chain.length != 1) {
        throw new ProtocolViolationException("tls: " + chain.length + " certificates");
      }
      PublicKey key = PeerCertificate.verify(chain[0].getEncoded(), now);
      if (expected != null && !key.peerId().equals(expected)) {
        throw new IOException("another peer answers: " + key.peerId());
      }
      remoteKey = key;
    } catch (IOException e) {
      refusal = e;
      throw new CertificateException(e.getMessage(), e);
    }
  }

  /**
   * The outcome, once the engine is done.
   *
   * @throws ProtocolViolationException when the remote spoke another version, no libp2p, or was
   *     never asked for its certificate, as in a session that was resumed
   */
  public TlsSession session() throws ProtocolViolationException {
    PublicKey key = remoteKey;
    if (key == null) {
      throw new ProtocolViolationException("tls: the remote showed no certificate");
    }
    String version = engine.getSession().getProtocol();
    if (!version.equals(VERSION)) {
      throw new ProtocolViolationException("tls: version " + version);
    }
    String application = engine.getApplicationProtocol();
    if (TlsContext.ALPN.equals(application)) {
      return new TlsSession(key, Optional.empty());
    }
    if (application == null || !muxers.contains(application)) {
      throw new ProtocolViolationException("tls: no agreement by ALPN, but " + application);
    }
    return new TlsSession(key, Optional.of(application));
  }

  /** Why the handshake failed, where {@code cause} is what the engine says of it. */
  public IOException failure(@Nullable Throwable cause) {
    IOException refused = refusal;
    if (refused != null) {
      return refused;
    }
    return new IOException("tls: " + reason(cause), cause);
  }

  private static String reason(@Nullable Throwable cause) {
    return switch (cause) {
      case null -> "cancelled";
      case ClosedChannelException _ -> "the connection was lost";
      default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
    };
  }

  /** To be called when it is over, however it ended. */
  @Override
  public void close() {
    forget.run();
  }
}
