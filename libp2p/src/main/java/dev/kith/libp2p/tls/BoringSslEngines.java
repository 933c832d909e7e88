package dev.kith.libp2p.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Engines of BoringSSL. Contexts are reference-counted and engines keep theirs, so closing is safe
 * at any time. Netty sends no session tickets with it.
 */
final class BoringSslEngines implements Engines {
  private final SslContext dialler;
  private final SslContext listener;

  /** Between making engines and closing. */
  private final ReentrantLock lock = new ReentrantLock();

  private boolean closed;

  BoringSslEngines(TlsIdentity self, List<String> applications, PeerTrust trust) {
    try {
      this.dialler =
          configured(
                  SslContextBuilder.forClient().keyManager(self.key(), self.chain()),
                  applications,
                  trust)
              .endpointIdentificationAlgorithm(null)
              .build();
      this.listener =
          configured(SslContextBuilder.forServer(self.key(), self.chain()), applications, trust)
              .clientAuth(ClientAuth.REQUIRE)
              .build();
    } catch (SSLException e) {
      throw new IllegalStateException("BoringSSL refuses its configuration", e);
    }
  }

  private static SslContextBuilder configured(
      SslContextBuilder builder, List<String> applications, PeerTrust trust) {
    return builder
        .sslProvider(SslProvider.OPENSSL_REFCNT)
        .protocols("TLSv1.3")
        .trustManager(trust)
        .option(OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES, 2 * PeerCertificate.BYTES_MAX)
        .applicationProtocolConfig(
            // Without an agreement the handshake goes on; its session is refused at its end.
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                applications));
  }

  @Override
  public SSLEngine dialler(ByteBufAllocator allocator) throws IOException {
    return engine(dialler, allocator);
  }

  @Override
  public SSLEngine listener(ByteBufAllocator allocator) throws IOException {
    return engine(listener, allocator);
  }

  private SSLEngine engine(SslContext context, ByteBufAllocator allocator) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the host is closed");
      }
      // Engines that are asked for directly are slower: they take one record at a time.
      return context.newHandler(allocator, Runnable::run).engine();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        ReferenceCountUtil.release(dialler);
        ReferenceCountUtil.release(listener);
      }
    } finally {
      lock.unlock();
    }
  }
}
