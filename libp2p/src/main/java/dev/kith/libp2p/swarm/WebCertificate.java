package dev.kith.libp2p.swarm;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * With what a host listens for WebSocket over TLS: a certificate for its name, as web servers have.
 * Not the identity of the peer.
 *
 * @param key of the first certificate
 * @param chain that certificate, then those who vouch for it
 */
public record WebCertificate(PrivateKey key, List<X509Certificate> chain) {
  /** Copies the chain, which must not be empty. */
  public WebCertificate {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("chain: empty");
    }
  }
}
