package dev.kith.libp2p.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The native and the Java arithmetic, each against vectors and both against each other. */
class Secp256k1CurveTest {
  private static final String ORDER =
      "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

  static Stream<Secp256k1Curve> curves() {
    return Stream.of(NativeSecp256k1.load().orElseThrow(), new JavaSecp256k1());
  }

  @ParameterizedTest
  @MethodSource("curves")
  void sign_followsRfc6979(Secp256k1Curve curve) {
    // Private key 1, SHA-256 of "Satoshi Nakamoto": the vector that Bitcoin's libraries share.
    byte[] one = Bytes.fromHexString("0x01").toArray();
    byte[] scalar = new byte[32];
    scalar[31] = one[0];
    byte[] hash = Keys.sha256("Satoshi Nakamoto".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(Bytes.wrap(curve.sign(hash, scalar)))
        .isEqualTo(
            Bytes.fromHexString(
                "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
                    + "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"));
  }

  @ParameterizedTest
  @MethodSource("curves")
  void isScalar_isFalseForZeroAndTheOrder(Secp256k1Curve curve) {
    assertThat(curve.isScalar(new byte[32])).isFalse();
    assertThat(curve.isScalar(Bytes.fromHexString(ORDER).toArray())).isFalse();
    assertThat(curve.isScalar(new byte[31])).isFalse();
    byte[] last = Bytes.fromHexString(ORDER).toArray();
    last[31]--;
    assertThat(curve.isScalar(last)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("curves")
  void compress_refusesWhatIsNoPoint(Secp256k1Curve curve) {
    byte[] offCurve = new byte[33];
    offCurve[0] = 2;
    offCurve[32] = 5; // x = 5 has no y
    for (byte[] point : new byte[][] {new byte[33], new byte[0], {2}, offCurve, new byte[65]}) {
      assertThatIllegalArgumentException().isThrownBy(() -> curve.compress(point));
    }
  }

  @Test
  void both_giveTheSameBytes() {
    long seed = 20261122;
    Random random = new Random(seed);
    Secp256k1Curve fast = NativeSecp256k1.load().orElseThrow();
    Secp256k1Curve slow = new JavaSecp256k1();
    for (int i = 0; i < 50; i++) {
      byte[] a = new byte[32];
      byte[] b = new byte[32];
      byte[] hash = new byte[32];
      random.nextBytes(a);
      random.nextBytes(b);
      random.nextBytes(hash);
      byte[] publicA = fast.publicKey(a);
      byte[] publicB = fast.publicKey(b);
      assertThat(slow.publicKey(a)).as("seed %d", seed).isEqualTo(publicA);
      byte[] signature = fast.sign(hash, a);
      assertThat(slow.sign(hash, a)).as("seed %d", seed).isEqualTo(signature);
      assertThat(fast.verify(hash, signature, publicA)).isTrue();
      assertThat(slow.verify(hash, signature, publicA)).isTrue();
      assertThat(fast.verify(hash, signature, publicB)).isFalse();
      assertThat(slow.verify(hash, signature, publicB)).isFalse();
      byte[] shared = fast.agree(a, publicB);
      assertThat(slow.agree(a, publicB)).as("seed %d", seed).isEqualTo(shared);
      assertThat(fast.agree(b, publicA)).isEqualTo(shared);
    }
  }

  @Test
  void sign_alwaysGivesTheLowS() {
    BigInteger half = new BigInteger(ORDER, 16).shiftRight(1);
    Secp256k1PrivateKey key = Keys.secp256k1FromSeed(1);
    for (int i = 0; i < 64; i++) {
      byte[] signature = key.signCompact(Keys.sha256(new byte[] {(byte) i}));
      assertThat(new BigInteger(1, signature, 32, 32)).isLessThanOrEqualTo(half);
    }
  }
}
