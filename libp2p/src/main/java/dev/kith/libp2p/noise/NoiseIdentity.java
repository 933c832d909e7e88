package dev.kith.libp2p.noise;

import dev.kith.libp2p.identity.PrivateKey;
import java.security.SecureRandom;

/**
 * What a host proves itself with: a static Curve25519 key, made anew whenever the host starts, and
 * its identity key's signature over it. Immutable, so the signature is made once for all
 * connections.
 */
public final class NoiseIdentity {
  private final KeyPair staticKey;
  private final byte[] payload;

  public NoiseIdentity(PrivateKey key, SecureRandom random) {
    this(key, KeyPair.generate(random));
  }

  NoiseIdentity(PrivateKey key, KeyPair staticKey) {
    this(staticKey, NoisePayload.sign(key, staticKey.publicKey()).encode());
  }

  /** With any payload: tests forge them. */
  NoiseIdentity(KeyPair staticKey, byte[] payload) {
    this.staticKey = staticKey;
    this.payload = payload.clone();
  }

  KeyPair staticKey() {
    return staticKey;
  }

  byte[] payload() {
    return payload.clone();
  }
}
