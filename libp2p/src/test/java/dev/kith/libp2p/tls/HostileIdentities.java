package dev.kith.libp2p.tls;

import dev.kith.libp2p.identity.PrivateKey;
import java.net.Socket;
import java.security.Principal;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** What clients show that break the rules, and one that keeps them. */
public enum HostileIdentities {
  HONEST,
  EXPIRED,
  NOT_YET_VALID,
  FORGED_SIGNATURE,
  NO_EXTENSION,
  UNKNOWN_CRITICAL_EXTENSION,
  TWO_CERTIFICATES,
  NO_CERTIFICATE;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration HOUR = Duration.ofHours(1);

  /** Shows it to whoever asks. */
  public KeyManager keyManager(PrivateKey identity) {
    Instant now = Instant.now();
    CertificateBuilder builder =
        new CertificateBuilder(RANDOM).valid(now.minus(HOUR), now.plus(HOUR));
    switch (this) {
      case HONEST, TWO_CERTIFICATES, NO_CERTIFICATE -> builder.identity(identity);
      case EXPIRED -> builder.identity(identity).valid(now.minus(HOUR), now.minusSeconds(5));
      case NOT_YET_VALID -> builder.identity(identity).valid(now.plus(HOUR), now.plus(HOUR));
      case FORGED_SIGNATURE ->
          builder.identity(
              identity.publicKey().encoded().toArray(), identity.sign(new byte[] {1, 2, 3}));
      case NO_EXTENSION -> builder.extension("2a0304", false, new byte[3]);
      case UNKNOWN_CRITICAL_EXTENSION ->
          builder.identity(identity).extension("2a0304", true, new byte[3]);
    }
    X509Certificate certificate = builder.build();
    X509Certificate[] chain =
        this == TWO_CERTIFICATES
            ? new X509Certificate[] {certificate, certificate}
            : new X509Certificate[] {certificate};
    return new Shown(this == NO_CERTIFICATE ? null : "one", chain, builder.keys().getPrivate());
  }

  private static final class Shown extends X509ExtendedKeyManager {
    private final @Nullable String alias;
    private final X509Certificate[] chain;
    private final java.security.PrivateKey key;

    Shown(@Nullable String alias, X509Certificate[] chain, java.security.PrivateKey key) {
      this.alias = alias;
      this.chain = chain;
      this.key = key;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return alias;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] types, Principal[] issuers, SSLEngine engine) {
      return alias;
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return alias;
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal[] issuers) {
      return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal[] issuers) {
      return getClientAliases(type, issuers);
    }

    @Override
    public X509Certificate[] getCertificateChain(String name) {
      return chain.clone();
    }

    @Override
    public java.security.PrivateKey getPrivateKey(String name) {
      return key;
    }
  }
}
