package dev.kith.node.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "17, 17",
    "17B, 17",
    "1k, 1024",
    "1kB, 1000",
    "1KiB, 1024",
    "500MB, 500000000",
    "10GiB, 10737418240",
    "10 gib, 10737418240",
    "2T, 2199023255552"
  })
  void parse_tellsPowersOfTenFromPowersOfTwo(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "x", "1.5GB", "10GX", "99999999999999999P", "GB"})
  void parse_refusesWhatIsNoAmount(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
  }

  @Test
  void format_losesNothing() {
    for (long bytes : new long[] {0, 1, 1023, 1024, 1536, 1 << 20, 500_000_000, 10L << 30}) {
      assertThat(ByteSize.parse(ByteSize.format(bytes))).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.00 KiB",
    "1300000000, 1.21 GiB",
    "1073000000, 1.00 GiB"
  })
  void approximate_hasThreeDigits(long bytes, String text) {
    assertThat(ByteSize.approximate(bytes)).isEqualTo(text);
  }
}
