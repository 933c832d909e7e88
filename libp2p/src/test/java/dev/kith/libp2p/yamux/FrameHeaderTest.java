package dev.kith.libp2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.libp2p.ProtocolViolationException;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameHeaderTest {
  @ParameterizedTest
  @CsvSource({
    "DATA, 1, 1, 5, 000000010000000100000005",
    "WINDOW_UPDATE, 6, 4294967295, 4294967295, 00010006ffffffffffffffff",
    "PING, 2, 0, 3735928559, 0002000200000000deadbeef",
    "GO_AWAY, 0, 0, 2, 000300000000000000000002"
  })
  void bytes_areThoseOfTheSpecification(FrameType type, int flags, long id, long length, String hex)
      throws Exception {
    FrameHeader header = new FrameHeader(type, flags, id, length);
    assertThat(Bytes.wrap(header.encode())).isEqualTo(Bytes.fromHexString(hex));
    byte[] shifted = Bytes.concatenate(Bytes.of(9, 9), Bytes.fromHexString(hex)).toArray();
    assertThat(FrameHeader.decode(shifted, 2)).isEqualTo(header);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "010000000000000000000000",
        "000400000000000000000000",
        "000000100000000000000000"
      })
  void otherVersionsTypesAndFlags_areRefused(String hex) {
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> FrameHeader.decode(Bytes.fromHexString(hex).toArray(), 0));
  }

  @Test
  void ids_areUnsigned() throws Exception {
    FrameHeader header =
        FrameHeader.decode(Bytes.fromHexString("0000000080000000ffffffff").toArray(), 0);
    assertThat(header.streamId()).isEqualTo(0x8000_0000L);
    assertThat(header.length()).isEqualTo(0xffff_ffffL);
  }
}
