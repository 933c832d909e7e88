package dev.kith.libp2p.tls;

import dev.kith.libp2p.identity.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a host proves itself with over TLS: a key on P-256, made anew whenever the host starts, and
 * a certificate of it that the identity key vouches for. Immutable, so both are made once for all
 * connections.
 */
public final class TlsIdentity {
  /** The clocks of peers may be behind. */
  private static final Duration BEFORE = Duration.ofDays(1);

  /** Longer than a host runs. */
  private static final Duration AFTER = Duration.ofDays(100 * 365L);

  private final java.security.PrivateKey key;
  private final List<X509Certificate> chain;

  public TlsIdentity(PrivateKey identity, SecureRandom random, Instant now) {
    this(
        new CertificateBuilder(random)
            .valid(now.minus(BEFORE), now.plus(AFTER))
            .identity(identity));
  }

  private TlsIdentity(CertificateBuilder certificate) {
    this(certificate.keys().getPrivate(), List.of(certificate.build()));
  }

  /** With any chain: tests forge them. */
  TlsIdentity(java.security.PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = List.copyOf(chain);
  }

  java.security.PrivateKey key() {
    return key;
  }

  X509Certificate[] chain() {
    return chain.toArray(X509Certificate[]::new);
  }
}
