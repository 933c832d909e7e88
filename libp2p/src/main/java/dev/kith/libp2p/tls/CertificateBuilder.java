package dev.kith.libp2p.tls;

import dev.kith.libp2p.identity.PrivateKey;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Makes self-signed certificates on P-256; tests make some that no peer must accept. */
final class CertificateBuilder {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int SERIAL_BITS = 63;

  /** The attribute serialNumber, 2.5.4.5. */
  private static final byte[] SERIAL_NUMBER = {0x55, 0x04, 0x05};

  private static final int PRINTABLE_STRING = 0x13;
  private static final int SET = 0x31;

  private final SecureRandom random;
  private final List<byte[]> extensions = new ArrayList<>();
  private final KeyPair keys;
  private Instant notBefore = Instant.EPOCH;
  private Instant notAfter = Instant.EPOCH;

  CertificateBuilder(SecureRandom random) {
    this.random = random;
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      this.keys = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  KeyPair keys() {
    return keys;
  }

  /** From 1950 until 9999. */
  CertificateBuilder valid(Instant from, Instant until) {
    this.notBefore = from;
    this.notAfter = until;
    return this;
  }

  /** The libp2p extension of an identity. */
  CertificateBuilder identity(PrivateKey key) {
    byte[] signature = key.sign(PeerCertificate.signed(keys.getPublic().getEncoded()));
    return identity(key.publicKey().encoded().toArray(), signature);
  }

  CertificateBuilder identity(byte[] key, byte[] signature) {
    return extension(
        PeerCertificate.EXTENSION,
        false,
        DerWriter.sequence(DerWriter.octets(key), DerWriter.octets(signature)));
  }

  /** Any extension; its id as the hex digits of the OID's content. */
  CertificateBuilder extension(String id, boolean critical, byte[] value) {
    byte[] oid = DerWriter.value(DerReader.OBJECT_IDENTIFIER, HexFormat.of().parseHex(id));
    byte[] octets = DerWriter.octets(value);
    extensions.add(
        critical
            ? DerWriter.sequence(oid, DerWriter.isTrue(), octets)
            : DerWriter.sequence(oid, octets));
    return this;
  }

  byte[] encode() {
    CertificateAlgorithm algorithm = CertificateAlgorithm.ECDSA_SHA256;
    BigInteger serial = new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
    // The JDK reads no certificate without a subject.
    byte[] name = name(serial.toString());
    byte[] toBeSigned =
        DerWriter.sequence(
            DerWriter.value(DerReader.explicit(0), DerWriter.integer(BigInteger.TWO)),
            DerWriter.integer(serial),
            algorithm.encoded(),
            name,
            DerWriter.sequence(time(notBefore), time(notAfter)),
            name,
            keys.getPublic().getEncoded(),
            DerWriter.value(
                DerReader.explicit(3), DerWriter.sequence(extensions.toArray(byte[][]::new))));
    try {
      Signature signer = Signature.getInstance(algorithm.signatureName());
      signer.initSign(keys.getPrivate(), random);
      signer.update(toBeSigned);
      return DerWriter.sequence(toBeSigned, algorithm.encoded(), DerWriter.bits(signer.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing failed", e);
    }
  }

  X509Certificate build() {
    return parse(encode());
  }

  static X509Certificate parse(byte[] encoded) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that the JDK does not read", e);
    }
  }

  private static byte[] name(String serialNumber) {
    return DerWriter.sequence(
        DerWriter.value(
            SET,
            DerWriter.sequence(
                DerWriter.value(DerReader.OBJECT_IDENTIFIER, SERIAL_NUMBER),
                DerWriter.text(PRINTABLE_STRING, serialNumber))));
  }

  /** RFC 5280, section 4.1.2.5: two digits of a year until 2049, four from then on. */
  private static byte[] time(Instant instant) {
    String text = TIME.format(instant);
    return text.compareTo("2050") < 0
        ? DerWriter.text(DerReader.UTC_TIME, text.substring(2))
        : DerWriter.text(DerReader.GENERALIZED_TIME, text);
  }
}
