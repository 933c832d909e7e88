package dev.kith.libp2p.tls;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.KnownSignatures;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * How a certificate may be signed: hashes of at least 256 bits, elliptic curves by their name, RSA
 * of at least 2,048 bits.
 */
enum CertificateAlgorithm {
  ECDSA_SHA256("2a8648ce3d040302", "EC", "SHA256withECDSA", Parameters.ABSENT),
  ECDSA_SHA384("2a8648ce3d040303", "EC", "SHA384withECDSA", Parameters.ABSENT),
  ECDSA_SHA512("2a8648ce3d040304", "EC", "SHA512withECDSA", Parameters.ABSENT),
  ED25519("2b6570", "Ed25519", "Ed25519", Parameters.ABSENT),
  RSA_SHA256("2a864886f70d01010b", "RSA", "SHA256withRSA", Parameters.NULL),
  RSA_SHA384("2a864886f70d01010c", "RSA", "SHA384withRSA", Parameters.NULL),
  RSA_SHA512("2a864886f70d01010d", "RSA", "SHA512withRSA", Parameters.NULL);

  private enum Parameters {
    ABSENT,
    NULL
  }

  private static final int NULL_TAG = 0x05;
  private static final int RSA_BITS_MIN = 2_048;
  private static final int RSA_BITS_MAX = 8_192;
  private static final String EC_PUBLIC_KEY = "2a8648ce3d0201";

  /** P-256, P-384, P-521. */
  private static final Set<String> CURVES = Set.of("2a8648ce3d030107", "2b81040022", "2b81040023");

  private final String identifier;
  private final String keyName;
  private final String signatureName;
  private final Parameters parameters;

  CertificateAlgorithm(
      String identifier, String keyName, String signatureName, Parameters parameters) {
    this.identifier = identifier;
    this.keyName = keyName;
    this.signatureName = signatureName;
    this.parameters = parameters;
  }

  /** As an {@code AlgorithmIdentifier}. */
  byte[] encoded() {
    byte[] oid = DerWriter.value(DerReader.OBJECT_IDENTIFIER, HexFormat.of().parseHex(identifier));
    return switch (parameters) {
      case ABSENT -> DerWriter.sequence(oid);
      case NULL -> DerWriter.sequence(oid, DerWriter.value(NULL_TAG));
    };
  }

  static CertificateAlgorithm decode(byte[] encoded) throws ProtocolViolationException {
    for (CertificateAlgorithm algorithm : values()) {
      if (Arrays.equals(algorithm.encoded(), encoded)) {
        return algorithm;
      }
    }
    throw new ProtocolViolationException(
        "certificate: signed with an algorithm that is not allowed: "
            + HexFormat.of().formatHex(encoded));
  }

  /** The JCA's name of the signature. */
  String signatureName() {
    return signatureName;
  }

  /** Whether {@code signature} over {@code message} was made with the key of {@code keyInfo}. */
  boolean verify(byte[] keyInfo, byte[] message, byte[] signature)
      throws ProtocolViolationException {
    return KnownSignatures.ofThisProcess()
        .good(
            "certificate " + this,
            keyInfo,
            message,
            signature,
            () -> verifyNow(keyInfo, message, signature));
  }

  private boolean verifyNow(byte[] keyInfo, byte[] message, byte[] signature)
      throws ProtocolViolationException {
    if (keyName.equals("EC")) {
      requireNamedCurve(keyInfo);
    }
    try {
      PublicKey key =
          KeyFactory.getInstance(keyName).generatePublic(new X509EncodedKeySpec(keyInfo));
      if (key instanceof RSAPublicKey rsa) {
        requireSize(rsa.getModulus().bitLength());
      }
      Signature verifier = Signature.getInstance(signatureName);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      throw new ProtocolViolationException("certificate: key or signature is malformed", e);
    }
  }

  private static void requireSize(int bits) throws ProtocolViolationException {
    if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
      throw new ProtocolViolationException("certificate: an RSA key of " + bits + " bits");
    }
  }

  /** Curves that are spelt out allow "Whose Curve Is It Anyway" attacks. */
  private static void requireNamedCurve(byte[] keyInfo) throws ProtocolViolationException {
    DerReader algorithm =
        new DerReader(keyInfo).last(DerReader.SEQUENCE).within().next(DerReader.SEQUENCE).within();
    String type = hex(algorithm.next(DerReader.OBJECT_IDENTIFIER));
    if (!type.equals(EC_PUBLIC_KEY) || algorithm.peek() != DerReader.OBJECT_IDENTIFIER) {
      throw new ProtocolViolationException("certificate: a curve that is not named");
    }
    String curve = hex(algorithm.last(DerReader.OBJECT_IDENTIFIER));
    if (!CURVES.contains(curve)) {
      throw new ProtocolViolationException("certificate: an unknown curve: " + curve);
    }
  }

  private static String hex(DerReader.Value value) {
    return HexFormat.of().formatHex(value.contentBytes());
  }
}
