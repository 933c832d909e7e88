package dev.kith.ledger.codec;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** SHA-256. */
public final class Hash {
  private Hash() {}

  /** SHA-256 over the parts, one after another. */
  public static Bytes32 sha256(Bytes... parts) {
    MessageDigest digest = digest();
    for (Bytes part : parts) {
      digest.update(part.toArrayUnsafe());
    }
    return Bytes32.wrap(digest.digest());
  }

  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
