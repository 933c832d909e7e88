package dev.kith.ledger.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ledger.TestFacts;
import dev.kith.ledger.codec.DecodeException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FactCodecTest {
  static Stream<Fact> facts() {
    return TestFacts.all(Bytes32.ZERO).stream();
  }

  @ParameterizedTest
  @MethodSource("facts")
  void everyKind_comesBackAsItWas(Fact fact) throws DecodeException {
    Bytes bytes = FactCodec.encode(fact);
    assertThat(FactCodec.decode(bytes)).isEqualTo(fact);
    assertThat(bytes.size()).isLessThanOrEqualTo(Fact.BYTES_MAX);
  }

  @ParameterizedTest
  @MethodSource("facts")
  void everyPrefix_andOneByteMore_isRefused(Fact fact) {
    Bytes bytes = FactCodec.encode(fact);
    for (int length = 0; length < bytes.size(); length++) {
      Bytes cut = bytes.slice(0, length).copy();
      assertThatThrownBy(() -> FactCodec.decode(cut)).isInstanceOf(DecodeException.class);
    }
    Bytes longer = Bytes.concatenate(bytes, Bytes.of(0));
    assertThatThrownBy(() -> FactCodec.decode(longer)).isInstanceOf(DecodeException.class);
  }

  /** Whatever decodes is the one encoding of its value; whatever does not says so politely. */
  @ParameterizedTest
  @MethodSource("facts")
  void alteredBytes_areRefusedOrCanonical(Fact fact) {
    byte[] bytes = FactCodec.encode(fact).toArray();
    Random random = new Random(42);
    for (int round = 0; round < 3_000; round++) {
      byte[] altered = bytes.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        altered[random.nextInt(altered.length)] = (byte) random.nextInt(256);
      }
      try {
        Fact decoded = FactCodec.decode(Bytes.wrap(altered));
        assertThat(FactCodec.encode(decoded)).isEqualTo(Bytes.wrap(altered));
      } catch (DecodeException expected) {
        assertThat(expected).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void noise_isRefused() {
    Random random = new Random(1);
    for (int round = 0; round < 5_000; round++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      assertThatThrownBy(() -> FactCodec.decode(Bytes.wrap(noise)))
          .isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void theBytesOnTheWire_arePinned() {
    assertThat(FactCodec.encode(new LeaseTake(TestFacts.TASK, 2, 77_000)))
        .isEqualTo(
            Bytes.fromHexString(
                "0x07"
                    + "0505050505050505050505050505050505050505050505050505050505050505"
                    + "00000002"
                    + "0000000000012cc8"));
    assertThat(FactCodec.encode(new TaskVoid(TestFacts.TASK, "ä")).slice(33))
        .isEqualTo(Bytes.fromHexString("0x0002c3a4"));
  }

  @Test
  void bounds_areHeldByTheFactsThemselves() {
    assertThatThrownBy(() -> new OfferPut(1, 1, 1, List.of("x".repeat(65)), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("capabilities");
    assertThatThrownBy(() -> TestFacts.open(65_537, List.of(0), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parts");
    assertThatThrownBy(() -> TestFacts.map(Bytes32.ZERO, 1, List.of(1, 1), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holders");
    assertThatThrownBy(() -> new TaskVoid(TestFacts.TASK, "\ud800"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reason");
  }
}
