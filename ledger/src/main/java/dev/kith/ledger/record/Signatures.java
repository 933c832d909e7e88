package dev.kith.ledger.record;

import dev.kith.ledger.codec.Hash;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.identity.Secp256k1PublicKey;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * How everything on the ledger is signed: ECDSA on secp256k1 over SHA-256(message), as 64 bytes r‖s
 * with a low s, deterministic (RFC 6979).
 */
public final class Signatures {
  private Signatures() {}

  /**
   * Signs a message.
   *
   * @throws IllegalArgumentException when the key is not a secp256k1 key
   */
  public static Bytes sign(PrivateKey key, Bytes message) {
    return signHash(key, Hash.sha256(message));
  }

  /** Signs what was hashed already. */
  public static Bytes signHash(PrivateKey key, Bytes32 hash) {
    if (!(key instanceof Secp256k1PrivateKey secp256k1)) {
      throw new IllegalArgumentException("key: " + key.type() + ", not SECP256K1");
    }
    return Bytes.wrap(secp256k1.signCompact(hash.toArrayUnsafe()));
  }

  /**
   * Whether the signature over the message is this key's.
   *
   * @param key 33 bytes; one that is no point has no signatures
   */
  public static boolean verify(Bytes key, Bytes message, Bytes signature) {
    return verifyHash(key, Hash.sha256(message), signature);
  }

  /** {@link #verify} for what was hashed already. */
  public static boolean verifyHash(Bytes key, Bytes32 hash, Bytes signature) {
    try {
      return Secp256k1PublicKey.ofCompressed(key)
          .verifyCompact(hash.toArrayUnsafe(), signature.toArrayUnsafe());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
