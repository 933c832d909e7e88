package dev.kith.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.libp2p.ProtocolViolationException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTest {
  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "1, 01",
    "127, 7f",
    "128, 8001",
    "255, ff01",
    "300, ac02",
    "16384, 808001",
    "9223372036854775807, ffffffffffffffff7f"
  })
  void encode_matchesTheVectors(long value, String hex) throws IOException {
    byte[] bytes = Bytes.fromHexString(hex).toArray();
    assertThat(Varint.encode(value)).isEqualTo(bytes);
    assertThat(Varint.size(value)).isEqualTo(bytes.length);
    assertThat(Varint.get(ByteBuffer.wrap(bytes))).isEqualTo(value);
    assertThat(Varint.read(new ByteArrayInputStream(bytes))).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8000", "8100", "ffffffffffffffffff01", "80808080808080808000"})
  void decode_refusesWhatIsNotMinimalOrTooLong(String hex) {
    byte[] bytes = Bytes.fromHexString(hex).toArray();
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> Varint.get(ByteBuffer.wrap(bytes)));
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> Varint.read(new ByteArrayInputStream(bytes)));
  }

  @Test
  void read_tellsAnEndFromACut() throws IOException {
    assertThat(Varint.read(InputStream.nullInputStream())).isEqualTo(-1);
    assertThatExceptionOfType(EOFException.class)
        .isThrownBy(() -> Varint.read(new ByteArrayInputStream(new byte[] {(byte) 0x80})));
  }

  @Test
  void readMessage_checksTheLengthFirst() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Varint.writeMessage(out, new byte[] {1, 2, 3});
    Varint.writeMessage(out, new byte[0]);
    InputStream in = new ByteArrayInputStream(out.toByteArray());
    assertThat(Varint.readMessage(in, 3)).containsExactly(1, 2, 3);
    assertThat(Varint.readMessage(in, 3)).isEmpty();
    assertThat(Varint.readMessage(in, 3)).isNull();
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> Varint.readMessage(new ByteArrayInputStream(out.toByteArray()), 2));
    byte[] huge = Bytes.fromHexString("ffffffff7f").toArray();
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> Varint.readMessage(new ByteArrayInputStream(huge), 1 << 20));
    assertThatExceptionOfType(EOFException.class)
        .isThrownBy(() -> Varint.readMessage(new ByteArrayInputStream(new byte[] {4, 1}), 9));
  }
}
