package dev.kith.libp2p.multistream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.UnsupportedProtocolException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultistreamTest {
  private static final String HEADER = "\u0013/multistream/1.0.0\n";

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  @Test
  void dial_sendsHeaderAndProposalInOneWrite() throws IOException {
    InputStream in = stream(HEADER + "\u0007/noise\n");
    int[] writes = {0};
    ByteArrayOutputStream counting =
        new ByteArrayOutputStream() {
          @Override
          public void write(byte[] bytes) {
            writes[0]++;
            writeBytes(bytes);
          }
        };
    assertThat(Multistream.dial(in, counting, List.of("/noise"))).isEqualTo("/noise");
    assertThat(counting.toString(UTF_8)).isEqualTo(HEADER + "\u0007/noise\n");
    assertThat(writes[0]).isEqualTo(1);
  }

  @Test
  void accept_sendsTheHeaderBeforeItReads() {
    assertThatExceptionOfType(EOFException.class)
        .isThrownBy(() -> Multistream.accept(InputStream.nullInputStream(), sent, p -> true));
    assertThat(sent.toString(UTF_8)).isEqualTo(HEADER);
  }

  @Test
  void bytesAfterTheAcceptedProposal_areLeftToTheProtocol() throws IOException {
    InputStream in = stream(HEADER + "\u0007/noise\nPAYLOAD");
    assertThat(Multistream.accept(in, sent, "/noise"::equals)).isEqualTo("/noise");
    assertThat(in.readAllBytes()).isEqualTo("PAYLOAD".getBytes(UTF_8));
    InputStream answer = stream(HEADER + "\u0007/noise\nANSWER");
    assertThat(Multistream.dial(answer, sent, List.of("/noise"))).isEqualTo("/noise");
    assertThat(answer.readAllBytes()).isEqualTo("ANSWER".getBytes(UTF_8));
  }

  @Test
  void everything_worksByteByByte() throws IOException {
    InputStream slow = byteByByte(stream(HEADER + "\u0005/tls\n\u0007/noise\nX"));
    assertThat(Multistream.accept(slow, sent, "/noise"::equals)).isEqualTo("/noise");
    assertThat(sent.toString(UTF_8)).isEqualTo(HEADER + "\u0003na\n\u0007/noise\n");
    assertThat(slow.read()).isEqualTo('X');
  }

  @Test
  void dial_goesOnToTheNextProposalAfterNa() throws IOException {
    InputStream in = stream(HEADER + "\u0003na\n\u0003/b\n");
    assertThat(Multistream.dial(in, sent, List.of("/a", "/b", "/c"))).isEqualTo("/b");
    assertThat(sent.toString(UTF_8)).isEqualTo(HEADER + "\u0003/a\n\u0003/b\n");
  }

  @Test
  void dial_failsWhenAllIsRefused() {
    InputStream in = stream(HEADER + "\u0003na\n\u0003na\n");
    assertThatExceptionOfType(UnsupportedProtocolException.class)
        .isThrownBy(() -> Multistream.dial(in, sent, List.of("/a", "/b")))
        .withMessageContaining("/a");
  }

  @Test
  void dial_refusesAnAnswerToAnotherProposal() {
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> Multistream.dial(stream(HEADER + "\u0003/b\n"), sent, List.of("/a")));
  }

  @Test
  void accept_answersLsAsAnyUnknownProtocol() throws IOException {
    InputStream in = stream(HEADER + "\u0003ls\n\u0003/a\n");
    assertThat(Multistream.accept(in, sent, "/a"::equals)).isEqualTo("/a");
    assertThat(sent.toString(UTF_8)).isEqualTo(HEADER + "\u0003na\n\u0003/a\n");
  }

  @Test
  void accept_givesUpAfterManyProposals() {
    String flood = HEADER + "\u0003/a\n".repeat(Multistream.PROPOSALS_MAX + 1);
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> Multistream.accept(stream(flood), sent, p -> false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0013/multistream/2.0.0\n",
        "\u0000",
        "\u0001\n",
        "\u0003/ab",
        "\u0005/a\nb\n",
        "\u0080\u0080\u0080\u0080\u0001",
        "GET / HTTP/1.1\r\n\r\n"
      })
  void accept_refusesGarbage(String garbage) {
    byte[] bytes = garbage.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Multistream.accept(new ByteArrayInputStream(bytes), sent, p -> true));
  }

  @Test
  void line_isCappedAtItsBoundBeforeItIsRead() throws IOException {
    byte[] longest = new MultistreamMessage("/" + "x".repeat(1022)).encode();
    assertThat(MultistreamMessage.read(new ByteArrayInputStream(longest)).text()).hasSize(1023);
    byte[] tooLong = {(byte) 0x81, 0x08}; // 1,025, and nothing after it
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> MultistreamMessage.read(new ByteArrayInputStream(tooLong)));
  }

  @Test
  void randomBytes_neverAgreeAndNeverHang() {
    long seed = 17;
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      assertThatIOException()
          .as("seed %d", seed)
          .isThrownBy(() -> Multistream.accept(new ByteArrayInputStream(bytes), sent, p -> true));
    }
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static InputStream byteByByte(InputStream in) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return in.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return in.read(bytes, offset, Math.min(1, length));
      }
    };
  }
}
