package dev.kith.libp2p.noise;

import dev.kith.libp2p.identity.PrivateKey;
import java.security.SecureRandom;
import java.util.List;

/**
 * What a host proves itself with: a static Curve25519 key, made anew whenever the host starts, and
 * its identity key's signature over it. Immutable, so the signature is made once for all
 * connections.
 */
public final class NoiseIdentity {
  private final KeyPair staticKey;
  private final byte[] payload;
  private final List<String> muxers;

  /**
   * @param muxers what is offered for early negotiation, the best first; none leaves the agreement
   *     to multistream
   */
  public NoiseIdentity(PrivateKey key, SecureRandom random, List<String> muxers) {
    this(key, KeyPair.generate(random), muxers);
  }

  NoiseIdentity(PrivateKey key, KeyPair staticKey, List<String> muxers) {
    this(staticKey, NoisePayload.sign(key, staticKey.publicKey(), muxers).encode(), muxers);
  }

  /** With any payload: tests forge them. */
  NoiseIdentity(KeyPair staticKey, byte[] payload, List<String> muxers) {
    this.staticKey = staticKey;
    this.payload = payload.clone();
    this.muxers = List.copyOf(muxers);
  }

  KeyPair staticKey() {
    return staticKey;
  }

  byte[] payload() {
    return payload.clone();
  }

  List<String> muxers() {
    return muxers;
  }
}
