package dev.kith.libp2p.identity;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.apache.tuweni.bytes.Bytes;

/** RSA and ECDSA keys of other peers, in PKIX DER: they are verified with, never made here. */
final class JcaPublicKey implements PublicKey {
  private static final int RSA_BITS_MIN = 2_048;
  private static final int RSA_BITS_MAX = 8_192;

  private final KeyType type;
  private final Bytes der;
  private final java.security.PublicKey key;

  private JcaPublicKey(KeyType type, Bytes der, java.security.PublicKey key) {
    this.type = type;
    this.der = der;
    this.key = key;
  }

  static JcaPublicKey of(KeyType type, Bytes der) {
    try {
      java.security.PublicKey key =
          KeyFactory.getInstance(type == KeyType.RSA ? "RSA" : "EC")
              .generatePublic(new X509EncodedKeySpec(der.toArray()));
      if (key instanceof RSAPublicKey rsa) {
        int bits = rsa.getModulus().bitLength();
        if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
          throw new IllegalArgumentException("rsa: " + bits + " bits");
        }
      }
      return new JcaPublicKey(type, der.copy(), key);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(type + ": not a key", e);
    }
  }

  @Override
  public KeyType type() {
    return type;
  }

  @Override
  public Bytes raw() {
    return der;
  }

  @Override
  public Bytes encoded() {
    return new KeyMessage(type, der).encode();
  }

  @Override
  public PeerId peerId() {
    return PeerId.ofEncodedKey(encoded());
  }

  @Override
  public boolean verify(byte[] message, byte[] signature) {
    try {
      Signature verifier =
          Signature.getInstance(type == KeyType.RSA ? "SHA256withRSA" : "SHA256withECDSA");
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK verifies " + type, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JcaPublicKey k && k.type == type && k.der.equals(der);
  }

  @Override
  public int hashCode() {
    return der.hashCode();
  }

  @Override
  public String toString() {
    return type + ":" + peerId();
  }
}
