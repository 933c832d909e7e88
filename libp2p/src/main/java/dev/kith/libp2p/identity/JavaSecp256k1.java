package dev.kith.libp2p.identity;

import java.math.BigInteger;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** BouncyCastle, for machines that the native library was not built for. */
final class JavaSecp256k1 implements Secp256k1Curve {
  private static final X9ECParameters PARAMETERS = SECNamedCurves.getByName("secp256k1");
  private static final ECDomainParameters DOMAIN = new ECDomainParameters(PARAMETERS);

  @Override
  public boolean isScalar(byte[] scalar) {
    if (scalar.length != 32) {
      return false;
    }
    BigInteger value = new BigInteger(1, scalar);
    return value.signum() > 0 && value.compareTo(DOMAIN.getN()) < 0;
  }

  @Override
  public byte[] publicKey(byte[] scalar) {
    return new FixedPointCombMultiplier()
        .multiply(DOMAIN.getG(), new BigInteger(1, scalar))
        .getEncoded(true);
  }

  @Override
  public byte[] compress(byte[] point) {
    return point(point).getEncoded(true);
  }

  @Override
  public byte[] sign(byte[] hash32, byte[] scalar) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, new ECPrivateKeyParameters(new BigInteger(1, scalar), DOMAIN));
    BigInteger[] rs = signer.generateSignature(hash32);
    return Secp256k1Signature.normalised(rs[0], rs[1]);
  }

  @Override
  public boolean verify(byte[] hash32, byte[] signature64, byte[] compressed) {
    ECDSASigner signer = new ECDSASigner();
    signer.init(false, new ECPublicKeyParameters(point(compressed), DOMAIN));
    return signer.verifySignature(
        hash32, new BigInteger(1, signature64, 0, 32), new BigInteger(1, signature64, 32, 32));
  }

  @Override
  public byte[] agree(byte[] scalar, byte[] compressed) {
    ECPoint product = point(compressed).multiply(new BigInteger(1, scalar)).normalize();
    return Keys.sha256(product.getEncoded(true));
  }

  /** The 65-byte form of a point on the curve. */
  static byte[] uncompressed(byte[] compressed) {
    return point(compressed).getEncoded(false);
  }

  private static ECPoint point(byte[] encoded) {
    boolean plausible =
        switch (encoded.length) {
          case 33 -> encoded[0] == 2 || encoded[0] == 3;
          case 65 -> encoded[0] == 4;
          default -> false;
        };
    if (!plausible) {
      throw new IllegalArgumentException("secp256k1: not a point");
    }
    return DOMAIN.validatePublicPoint(DOMAIN.getCurve().decodePoint(encoded));
  }
}
