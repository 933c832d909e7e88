package dev.kith.dht.chunk;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import org.apache.tuweni.bytes.Bytes32;

/** HKDF-SHA256 (RFC 5869) of one secret with an empty salt. Thread-safe. */
final class Hkdf {
  private static final String ALGORITHM = "HKDF-SHA256";

  private final SecretKey prk;

  private Hkdf(SecretKey prk) {
    this.prk = prk;
  }

  static Hkdf of(Bytes32 secret) {
    try {
      return new Hkdf(
          KDF.getInstance(ALGORITHM)
              .deriveKey(
                  "Generic", HKDFParameterSpec.ofExtract().addIKM(secret.toArray()).extractOnly()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
    }
  }

  byte[] expand(byte[] info, int length) {
    try {
      return KDF.getInstance(ALGORITHM).deriveData(HKDFParameterSpec.expandOnly(prk, info, length));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
    }
  }
}
