package dev.kith.libp2p.swarm;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.tls.TlsContext;
import dev.kith.libp2p.tls.TlsHandshake;
import dev.kith.libp2p.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * TLS on a wire. Netty's handler stands between the socket and the wire and does records on the
 * event loop; its costly tasks, such as signatures, run on virtual threads. What passes here is
 * plaintext.
 *
 * <p>BoringSSL answers an altered record with an alert, and Netty says nothing of it until the next
 * record or write fails: at the latest with the muxer's next ping.
 */
final class TlsChannel implements SecureChannel {
  /** A remote that does not read keeps its socket for so long after it was to be closed. */
  private static final int CLOSE_MILLIS_MAX = 1_000;

  private static final byte[] NO_BYTES = {};

  private final Wire wire;
  private final TlsSession session;

  private TlsChannel(Wire wire, TlsSession session) {
    this.wire = wire;
    this.session = session;
  }

  /**
   * The dialler's handshake.
   *
   * @throws IOException when the remote is not {@code expected}; it learns nothing of this host
   */
  static TlsChannel dial(Wire wire, TlsContext context, PeerId expected) throws IOException {
    return handshake(wire, context.dial(wire.channel().alloc(), expected));
  }

  static TlsChannel accept(Wire wire, TlsContext context) throws IOException {
    return handshake(wire, context.accept(wire.channel().alloc()));
  }

  private static TlsChannel handshake(Wire wire, TlsHandshake handshake) throws IOException {
    try (handshake) {
      SslHandler handler = new SslHandler(handshake.engine(), Thread::startVirtualThread);
      handler.setHandshakeTimeoutMillis(wire.millisLeft());
      handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS_MAX);
      wire.insert(new HandshakeBudget(handler.handshakeFuture()), handler, handshake.engine());
      wire.await(handler.handshakeFuture());
      if (!handler.handshakeFuture().isSuccess()) {
        throw handshake.failure(handler.handshakeFuture().cause());
      }
      return new TlsChannel(wire, handshake.session());
    }
  }

  @Override
  public Security security() {
    return Security.TLS;
  }

  @Override
  public PublicKey remoteKey() {
    return session.remoteKey();
  }

  @Override
  public Optional<String> muxer() {
    return session.muxer();
  }

  @Override
  public InputStream input() {
    return wire.input();
  }

  @Override
  public OutputStream output() {
    return wire.output();
  }

  @Override
  public byte[] rest() {
    return NO_BYTES; // what was not read is still the wire's
  }

  @Override
  public Sealer sealer() {
    return new Plain();
  }

  @Override
  public Opener opener(Plaintext next) {
    return in -> {
      byte[] bytes = new byte[in.readableBytes()];
      in.readBytes(bytes);
      next.received(bytes, 0, bytes.length);
    };
  }

  /** Frames as they are: Netty's handler makes records of them. */
  private static final class Plain implements Sealer {
    @Override
    public int sealedBytes(int plaintextBytes) {
      return plaintextBytes;
    }

    @Override
    public void seal(byte[] head, byte[] payload, int offset, int length, ByteBuf out) {
      out.writeBytes(head).writeBytes(payload, offset, length);
    }
  }
}
