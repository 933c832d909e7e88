package dev.kith.libp2p.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kith.libp2p.ProtocolViolationException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KeysTest {
  private static final byte[] MESSAGE = "message".getBytes(UTF_8);
  private static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  /** The test vectors of libp2p/specs peer-ids. */
  @ParameterizedTest
  @CsvSource({
    "ED25519, "
        + "080112407e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d"
        + "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e, "
        + "080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e",
    "SECP256K1, "
        + "0802122053DADF1D5A164D6B4ACDB15E24AA4C5B1D3461BDBD42ABEDB0A4404D56CED8FB, "
        + "08021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99"
  })
  void decode_readsTheVectorsOfTheSpecification(KeyType type, String secret, String open)
      throws Exception {
    Bytes encoded = Bytes.fromHexString(secret);
    PrivateKey key = Keys.decodePrivate(encoded);
    assertThat(key.type()).isEqualTo(type);
    assertThat(key.encoded()).isEqualTo(encoded);
    assertThat(key.publicKey().encoded()).isEqualTo(Bytes.fromHexString(open));
    assertThat(Keys.decodePublic(Bytes.fromHexString(open))).isEqualTo(key.publicKey());
  }

  @ParameterizedTest
  @EnumSource(names = {"SECP256K1", "ED25519"})
  void verify_acceptsTheKeysOwnSignatureOnly(KeyType type) {
    PrivateKey key = Keys.generate(type, new Random(3));
    byte[] signature = key.sign(MESSAGE);
    assertThat(key.sign(MESSAGE)).isEqualTo(signature);
    assertThat(key.publicKey().verify(MESSAGE, signature)).isTrue();
    assertThat(key.publicKey().verify("other".getBytes(UTF_8), signature)).isFalse();
    assertThat(Keys.fromSeed(type, 1).publicKey().verify(MESSAGE, signature)).isFalse();
    assertThat(key.publicKey().verify(MESSAGE, new byte[0])).isFalse();
    for (int i = 0; i < signature.length; i++) {
      byte[] altered = signature.clone();
      altered[i] ^= 1;
      assertThat(key.publicKey().verify(MESSAGE, altered)).as("byte %d", i).isFalse();
      byte[] cut = java.util.Arrays.copyOf(signature, i);
      assertThat(key.publicKey().verify(MESSAGE, cut)).as("cut to %d", i).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SECP256K1", "ED25519"})
  void encoded_isReadBack(KeyType type) throws Exception {
    PrivateKey key = Keys.fromSeed(type, 5);
    assertThat(Keys.decodePrivate(key.encoded())).isEqualTo(key);
    assertThat(Keys.decodePublic(key.publicKey().encoded())).isEqualTo(key.publicKey());
    assertThat(key.toString()).doesNotContain(key.encoded().toUnprefixedHexString().substring(8));
  }

  @Test
  void signatures_ofSecp256k1AreLowSInDer() throws Exception {
    Secp256k1PrivateKey key = Keys.secp256k1FromSeed(2);
    for (int i = 0; i < 64; i++) {
      byte[] der = key.sign(new byte[] {(byte) i});
      byte[] compact = Secp256k1Signature.fromDer(der).orElseThrow();
      assertThat(Secp256k1Signature.canonical(compact)).isTrue();
      assertThat(Secp256k1Signature.toDer(compact)).isEqualTo(der);
    }
  }

  @Test
  void verify_takesAHighSInDerButNotInCompactForm() {
    Secp256k1PrivateKey key = Keys.secp256k1FromSeed(2);
    byte[] hash = Keys.sha256(MESSAGE);
    byte[] compact = key.signCompact(hash);
    assertThat(key.publicKey().verifyCompact(hash, compact)).isTrue();
    byte[] high = compact.clone();
    byte[] s = ORDER.subtract(new BigInteger(1, compact, 32, 32)).toByteArray();
    System.arraycopy(s, s.length - 32, high, 32, 32);
    assertThat(key.publicKey().verifyCompact(hash, high)).isFalse();
    assertThat(key.publicKey().verify(MESSAGE, Secp256k1Signature.toDer(high))).isTrue();
  }

  @Test
  void verifyCompact_refusesNumbersOutOfRange() {
    Secp256k1PrivateKey key = Keys.secp256k1FromSeed(2);
    byte[] hash = Keys.sha256(MESSAGE);
    byte[] zeroR = key.signCompact(hash);
    java.util.Arrays.fill(zeroR, 0, 32, (byte) 0);
    byte[] largeR = key.signCompact(hash);
    java.util.Arrays.fill(largeR, 0, 32, (byte) 0xff);
    byte[] zeroS = key.signCompact(hash);
    java.util.Arrays.fill(zeroS, 32, 64, (byte) 0);
    for (byte[] bad : new byte[][] {zeroR, largeR, zeroS, new byte[63], new byte[65]}) {
      assertThat(key.publicKey().verifyCompact(hash, bad)).isFalse();
    }
  }

  @Test
  void privateKey_isPaddedToThirtyTwoBytes() {
    Bytes small = Bytes.wrap(new byte[31]).shiftLeft(0);
    Secp256k1PrivateKey one = Secp256k1PrivateKey.ofScalar(Bytes.concatenate(small, Bytes.of(1)));
    assertThat(one.encoded().size()).isEqualTo(4 + 32);
    assertThat(one.publicKey().raw())
        .isEqualTo(
            Bytes.fromHexString(
                "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"));
  }

  @Test
  void decodePrivate_takesTheOlderEd25519FormOf96Bytes() throws Exception {
    PrivateKey key = Keys.fromSeed(KeyType.ED25519, 9);
    Bytes data = key.encoded().slice(4);
    Bytes old = new KeyMessage(KeyType.ED25519, Bytes.concatenate(data, data.slice(32))).encode();
    assertThat(Keys.decodePrivate(old)).isEqualTo(key);
    Bytes foreign = Bytes.concatenate(data.slice(0, 32), Bytes.wrap(new byte[32]));
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> Keys.decodePrivate(new KeyMessage(KeyType.ED25519, foreign).encode()));
  }

  @Test
  void decodePublic_refusesGarbage() {
    for (String hex :
        new String[] {
          "",
          "08",
          "0802",
          "12200102",
          "08021200",
          "0802122100",
          "080712020102",
          "0801122101",
          "080112200200000000000000000000000000000000000000000000000000000000000000"
        }) {
      assertThatExceptionOfType(ProtocolViolationException.class)
          .as(hex)
          .isThrownBy(() -> Keys.decodePublic(Bytes.fromHexString(hex)));
    }
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> Keys.decodePublic(Bytes.wrap(new byte[KeyMessage.BYTES_MAX + 1])));
  }

  @ParameterizedTest
  @CsvSource({"RSA, RSA, 2048, SHA256withRSA", "ECDSA, EC, 256, SHA256withECDSA"})
  void decodePublic_readsKeysThatOnlyOthersUse(
      KeyType type, String algorithm, int bits, String signatureName) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    KeyPair pair = generator.generateKeyPair();
    Bytes encoded = new KeyMessage(type, Bytes.wrap(pair.getPublic().getEncoded())).encode();
    assertThat(encoded.slice(0, 2)).isEqualTo(Bytes.of(0x08, type.number()));
    PublicKey key = Keys.decodePublic(encoded);
    assertThat(key.encoded()).isEqualTo(encoded);
    assertThat(key.peerId().toString()).startsWith("Qm");
    Signature signer = Signature.getInstance(signatureName);
    signer.initSign(pair.getPrivate());
    signer.update(MESSAGE);
    byte[] signature = signer.sign();
    assertThat(key.verify(MESSAGE, signature)).isTrue();
    signature[signature.length - 1] ^= 1;
    assertThat(key.verify(MESSAGE, signature)).isFalse();
    assertThat(key.verify(MESSAGE, new byte[0])).isFalse();
  }

  @Test
  void agree_isSymmetric() {
    Secp256k1PrivateKey a = Keys.secp256k1FromSeed(1);
    Secp256k1PrivateKey b = Keys.secp256k1FromSeed(2);
    assertThat(a.agree(b.publicKey())).hasSize(32).isEqualTo(b.agree(a.publicKey()));
  }

  @Test
  void ofCompressed_refusesOtherLengths() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Secp256k1PublicKey.ofCompressed(Bytes.wrap(new byte[32])));
  }
}
