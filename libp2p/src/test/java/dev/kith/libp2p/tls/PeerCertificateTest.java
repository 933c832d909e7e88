package dev.kith.libp2p.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;

class PeerCertificateTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private final PrivateKey alice = Keys.fromSeed(KeyType.SECP256K1, 1);
  private final PrivateKey bob = Keys.fromSeed(KeyType.ED25519, 2);

  private static CertificateBuilder certificate() {
    return new CertificateBuilder(RANDOM).valid(NOW.minus(HOUR), NOW.plus(HOUR));
  }

  private static void assertRefused(byte[] certificate, String why) {
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> PeerCertificate.verify(certificate, NOW))
        .withMessageContaining(why);
  }

  /** The test vectors of libp2p/specs tls: three that are valid, one that is not. */
  @ParameterizedTest
  @CsvFileSource(resources = "/tls/certificates.csv", numLinesToSkip = 1, maxCharsPerColumn = 8192)
  void verify_decidesTheVectorsOfTheSpecificationRightly(String peerId, String certificate)
      throws Exception {
    byte[] encoded = HexFormat.of().parseHex(certificate);
    if (peerId.equals("invalid")) {
      assertRefused(encoded, "forged");
    } else {
      assertThat(PeerCertificate.verify(encoded, NOW).peerId()).hasToString(peerId);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SECP256K1", "ED25519"})
  void certificate_provesTheIdentityThatMadeIt(KeyType type) throws Exception {
    PrivateKey key = Keys.fromSeed(type, 7);
    X509Certificate[] chain = new TlsIdentity(key, RANDOM, NOW).chain();
    assertThat(chain).hasSize(1);
    assertThat(PeerCertificate.verify(chain[0].getEncoded(), NOW)).isEqualTo(key.publicKey());
    Instant inYears = NOW.plus(Duration.ofDays(30_000));
    assertThat(PeerCertificate.verify(chain[0].getEncoded(), inYears)).isEqualTo(key.publicKey());
  }

  @Test
  void certificate_isReadByTheJdkToo() throws Exception {
    X509Certificate certificate = certificate().identity(alice).build();
    certificate.verify(certificate.getPublicKey());
    certificate.checkValidity(java.util.Date.from(NOW));
  }

  @Test
  void expiredOrFutureCertificate_isRefused() {
    CertificateBuilder builder = certificate().identity(alice);
    assertRefused(builder.valid(NOW.minus(HOUR), NOW.minusSeconds(1)).encode(), "expired");
    assertRefused(builder.valid(NOW.plusSeconds(1), NOW.plus(HOUR)).encode(), "not valid before");
  }

  @Test
  void signatureOfAnotherKeyOrOverAnotherKey_isRefused() {
    CertificateBuilder other = certificate();
    byte[] overOther = alice.sign(PeerCertificate.signed(other.keys().getPublic().getEncoded()));
    byte[] key = alice.publicKey().encoded().toArray();
    assertRefused(certificate().identity(key, overOther).encode(), "forged");
    CertificateBuilder builder = certificate();
    byte[] ofBob = bob.sign(PeerCertificate.signed(builder.keys().getPublic().getEncoded()));
    assertRefused(builder.identity(key, ofBob).encode(), "forged");
    CertificateBuilder unprefixed = certificate();
    byte[] bare = alice.sign(unprefixed.keys().getPublic().getEncoded());
    assertRefused(unprefixed.identity(key, bare).encode(), "forged");
  }

  @Test
  void missingExtension_isRefused() {
    assertRefused(
        certificate().extension("551d13", false, new byte[] {0x30, 0}).encode(), "no libp2p");
    assertRefused(certificate().encode(), "no libp2p");
  }

  @Test
  void libp2pExtension_mayBeCriticalOrNot() throws Exception {
    CertificateBuilder builder = certificate();
    byte[] signature = alice.sign(PeerCertificate.signed(builder.keys().getPublic().getEncoded()));
    byte[] value =
        DerWriter.sequence(
            DerWriter.octets(alice.publicKey().encoded().toArray()), DerWriter.octets(signature));
    byte[] encoded = builder.extension(PeerCertificate.EXTENSION, true, value).encode();
    assertThat(PeerCertificate.verify(encoded, NOW)).isEqualTo(alice.publicKey());
    builder.extension(PeerCertificate.EXTENSION, true, value);
    assertRefused(builder.encode(), "twice");
  }

  @Test
  void unknownExtension_isIgnoredUnlessItIsCritical() throws Exception {
    byte[] known = certificate().identity(alice).extension("2a0304", false, new byte[3]).encode();
    assertThat(PeerCertificate.verify(known, NOW)).isEqualTo(alice.publicKey());
    assertRefused(
        certificate().identity(alice).extension("2a0304", true, new byte[3]).encode(),
        "unknown critical");
  }

  @Test
  void keyThatIsNotForSignatures_isRefused() throws Exception {
    byte[] signing = DerWriter.bits(new byte[] {(byte) 0x80});
    byte[] agreeing = DerWriter.bits(new byte[] {0x08});
    PeerCertificate.verify(
        certificate().identity(alice).extension("551d0f", true, signing).encode(), NOW);
    assertRefused(
        certificate().identity(alice).extension("551d0f", true, agreeing).encode(),
        "not for signatures");
  }

  @Test
  void curveThatIsSpeltOut_isRefused() {
    byte[] keyInfo = certificate().keys().getPublic().getEncoded();
    byte[] point = Arrays.copyOfRange(keyInfo, keyInfo.length - 68, keyInfo.length);
    byte[] type =
        DerWriter.value(DerReader.OBJECT_IDENTIFIER, HexFormat.of().parseHex("2a8648ce3d0201"));
    byte[] speltOut = DerWriter.sequence(DerWriter.integer(java.math.BigInteger.ONE));
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(
            () ->
                CertificateAlgorithm.ECDSA_SHA256.verify(
                    DerWriter.sequence(DerWriter.sequence(type, speltOut), point),
                    new byte[1],
                    new byte[8]))
        .withMessageContaining("not named");
  }

  @Test
  void weakKeyOrHash_isRefused() throws Exception {
    KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
    small.initialize(1024);
    byte[] keyInfo = small.generateKeyPair().getPublic().getEncoded();
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(
            () -> CertificateAlgorithm.RSA_SHA256.verify(keyInfo, new byte[1], new byte[128]))
        .withMessageContaining("1024 bits");
    byte[] sha1 =
        DerWriter.sequence(
            DerWriter.value(
                DerReader.OBJECT_IDENTIFIER, HexFormat.of().parseHex("2a8648ce3d0401")));
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> CertificateAlgorithm.decode(sha1))
        .withMessageContaining("not allowed");
  }

  @Test
  void alteredOrCutCertificate_isRefusedAndNeverFailsOtherwise() {
    byte[] encoded = certificate().identity(bob).encode();
    for (int i = 0; i < encoded.length; i++) {
      byte[] altered = encoded.clone();
      altered[i] ^= (byte) (1 << (i % 8));
      assertThatThrownBy(() -> PeerCertificate.verify(altered, NOW))
          .as("byte %d", i)
          .isInstanceOf(ProtocolViolationException.class);
      byte[] cut = Arrays.copyOf(encoded, i);
      assertThatThrownBy(() -> PeerCertificate.verify(cut, NOW))
          .as("cut to %d", i)
          .isInstanceOf(ProtocolViolationException.class);
    }
    assertRefused(Arrays.copyOf(encoded, encoded.length + 1), "after the end");
    assertRefused(new byte[PeerCertificate.BYTES_MAX + 1], "bytes");
  }

  @Test
  void garbage_isRefusedAndNeverFailsOtherwise() {
    long seed = 11;
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] garbage = new byte[random.nextInt(400)];
      random.nextBytes(garbage);
      if (garbage.length > 4 && random.nextBoolean()) {
        garbage[0] = 0x30; // deep enough to be parsed
        garbage[1] = (byte) Math.min(garbage.length - 2, 0x7f);
        garbage[2] = 0x30;
      }
      assertThatThrownBy(() -> PeerCertificate.verify(garbage, NOW))
          .as("seed %d, run %d", seed, i)
          .isInstanceOf(ProtocolViolationException.class);
    }
  }
}
