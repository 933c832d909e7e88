package dev.kith.node.realm;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** HKDF-SHA256 (RFC 5869) with an empty salt. */
final class Kdf {
  private static final String ALGORITHM = "HKDF-SHA256";

  private Kdf() {}

  static byte[] derive(byte[] secret, byte[] info, int length) {
    try {
      return KDF.getInstance(ALGORITHM)
          .deriveData(HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(info, length));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
    }
  }
}
