package dev.kith.libp2p.noise;

import dev.kith.libp2p.ProtocolViolationException;
import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** A Diffie-Hellman key pair on Curve25519. */
final class KeyPair {
  static final int PUBLIC_BYTES = X25519.POINT_SIZE;

  private final byte[] secret;
  private final byte[] open = new byte[PUBLIC_BYTES];

  private KeyPair(byte[] secret) {
    this.secret = secret;
    X25519.generatePublicKey(secret, 0, open, 0);
  }

  static KeyPair generate(SecureRandom random) {
    byte[] secret = new byte[X25519.SCALAR_SIZE];
    X25519.generatePrivateKey(random, secret);
    return new KeyPair(secret);
  }

  static KeyPair ofSecret(byte[] secret) {
    return new KeyPair(secret.clone());
  }

  byte[] publicKey() {
    return open.clone();
  }

  /** The shared secret; a peer's point of small order would make it known to everybody. */
  byte[] agree(byte[] remote) throws ProtocolViolationException {
    byte[] shared = new byte[X25519.POINT_SIZE];
    if (!X25519.calculateAgreement(secret, 0, remote, 0, shared, 0)) {
      throw new ProtocolViolationException("noise: a public key of small order");
    }
    return shared;
  }
}
