package dev.kith.node.realm;

import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.identity.Secp256k1PublicKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.tuweni.bytes.Bytes;

/** Compact signatures as the ledger checks them: over the SHA-256 of a message. */
final class Signatures {
  private Signatures() {}

  static Bytes sign(Secp256k1PrivateKey key, Bytes message) {
    return Bytes.wrap(key.signCompact(sha256(message)));
  }

  /** False also where the key is no point of the curve. */
  static boolean verify(Bytes key, Bytes message, Bytes signature) {
    try {
      return Secp256k1PublicKey.ofCompressed(key)
          .verifyCompact(sha256(message), signature.toArray());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static Bytes hash(Bytes message) {
    return Bytes.wrap(sha256(message));
  }

  private static byte[] sha256(Bytes message) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(message.toArray());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
