package dev.kith.libp2p.tls;

import io.netty.buffer.ByteBufAllocator;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Engines of the JDK. It sends session tickets; they expire at once, and a session that is resumed
 * all the same is refused, as it shows no certificate.
 */
final class JdkEngines implements Engines {
  /** The first is the cheapest. */
  private static final String[] CIPHERS = {
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
  };

  private final SSLContext context;
  private final List<String> applications;

  JdkEngines(TlsIdentity self, List<String> applications, PeerTrust trust) {
    this.applications = applications;
    try {
      this.context = SSLContext.getInstance("TLSv1.3");
      context.init(new KeyManager[] {new OneKey(self)}, new TrustManager[] {trust}, null);
      context.getServerSessionContext().setSessionTimeout(1);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS 1.3", e);
    }
  }

  @Override
  public SSLEngine dialler(ByteBufAllocator allocator) {
    SSLEngine engine = engine();
    engine.setUseClientMode(true);
    return engine;
  }

  @Override
  public SSLEngine listener(ByteBufAllocator allocator) {
    SSLEngine engine = engine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    // The client's order decides; null ends the handshake with an alert.
    engine.setHandshakeApplicationProtocolSelector(
        (e, offered) -> offered.stream().filter(applications::contains).findFirst().orElse(null));
    return engine;
  }

  /** Without a peer's name: none is sent, and no session is kept for it. */
  private SSLEngine engine() {
    SSLEngine engine = context.createSSLEngine();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    parameters.setCipherSuites(CIPHERS);
    parameters.setApplicationProtocols(applications.toArray(String[]::new));
    engine.setSSLParameters(parameters);
    return engine;
  }

  @Override
  public void close() {
    // Nothing outside of the heap.
  }

  /** Shows the host's certificate to everybody. */
  private static final class OneKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "host";
    private static final String TYPE = "EC";

    private final TlsIdentity self;

    OneKey(TlsIdentity self) {
      this.self = self;
    }

    private static @Nullable String alias(String @Nullable [] types) {
      return types != null && List.of(types).contains(TYPE) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return alias(types);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return alias(new String[] {type});
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return alias(types);
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return alias(new String[] {type});
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return self.chain();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return self.key();
    }
  }
}
