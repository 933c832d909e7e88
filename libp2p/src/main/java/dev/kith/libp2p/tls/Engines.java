package dev.kith.libp2p.tls;

import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import javax.net.ssl.SSLEngine;

/**
 * Makes engines of one provider that speak TLS 1.3 only and show and ask for a certificate.
 * Thread-safe.
 */
interface Engines extends AutoCloseable {
  SSLEngine dialler(ByteBufAllocator allocator) throws IOException;

  SSLEngine listener(ByteBufAllocator allocator) throws IOException;

  /** Engines that were made go on working; no more are made. May be called twice. */
  @Override
  void close();
}
