package dev.kith.dht.chunk;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of the JDK, which every JDK must have. */
public final class Sha256 {
  public static final int BYTES = 32;

  private Sha256() {}

  /** A fresh digest; one thread uses it. */
  public static MessageDigest create() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
