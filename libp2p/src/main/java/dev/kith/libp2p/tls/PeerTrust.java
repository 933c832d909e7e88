package dev.kith.libp2p.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Hands the remote's certificates to the handshake whose engine they came to. Being an extended
 * trust manager it is the only judge: the JDK adds checks of its own to plain ones.
 */
final class PeerTrust extends X509ExtendedTrustManager {
  private final InstantSource clock;
  private final ConcurrentMap<SSLEngine, TlsHandshake> handshakes = new ConcurrentHashMap<>();

  PeerTrust(InstantSource clock) {
    this.clock = clock;
  }

  void add(TlsHandshake handshake) {
    handshakes.put(handshake.engine(), handshake);
  }

  void remove(SSLEngine engine) {
    handshakes.remove(engine);
  }

  /** How many are under way. */
  int size() {
    return handshakes.size();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, engine);
  }

  private void check(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
    TlsHandshake handshake = handshakes.get(engine);
    if (handshake == null) {
      throw new CertificateException("a handshake that is over");
    }
    handshake.verify(chain, clock.instant());
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw withoutEngine();
  }

  private static CertificateException withoutEngine() {
    return new CertificateException("only engines are checked here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
