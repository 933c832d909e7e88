package dev.kith.libp2p.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Whose TLS is used. */
public enum TlsProvider {
  /** BoringSSL, of which Netty brings a build for common platforms. */
  BORINGSSL,

  /**
   * The JDK's own, on every platform; several times slower, and it reads no certificate without a
   * subject, which rust-libp2p makes.
   */
  JDK;

  /** BoringSSL where it loads. The first call takes some ten milliseconds for that. */
  public static TlsProvider best() {
    return BORINGSSL.available() ? BORINGSSL : JDK;
  }

  public boolean available() {
    return switch (this) {
      case BORINGSSL -> OpenSsl.isAvailable() && SslProvider.isTlsv13Supported(SslProvider.OPENSSL);
      case JDK -> true;
    };
  }
}
