package dev.kith.libp2p.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiformats.Varint;
import dev.kith.libp2p.proto.IdentifyProto.IdentifyMessageProto;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdentifyMessageTest {
  private static final Multiaddr ONE = Multiaddr.parse("/ip4/1.2.3.4/tcp/1");
  private static final Multiaddr TWO = Multiaddr.parse("/ip4/1.2.3.4/tcp/2");

  private static InputStream stream(byte[]... messages) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      out.writeBytes(Varint.prefixed(message));
    }
    return new ByteArrayInputStream(out.toByteArray());
  }

  @Test
  void message_isReadBack() throws IOException {
    PeerInfo info =
        new PeerInfo("kith/1", "kith/0.1", List.of(ONE), List.of("/a", "/b"), Optional.of(TWO));
    IdentifyMessage message =
        IdentifyMessage.of(info, Keys.fromSeed(KeyType.ED25519, 1).publicKey());
    assertThat(IdentifyMessage.read(stream(message.encode()))).isEqualTo(message);
  }

  @Test
  void severalMessages_areMerged() throws IOException {
    byte[] first =
        IdentifyMessageProto.newBuilder()
            .setAgentVersion("go")
            .addProtocols("/a")
            .addListenAddrs(ByteString.copyFrom(ONE.encoded().toArray()))
            .build()
            .toByteArray();
    byte[] second =
        IdentifyMessageProto.newBuilder()
            .addProtocols("/b")
            .addListenAddrs(ByteString.copyFrom(TWO.encoded().toArray()))
            .setSignedPeerRecord(ByteString.copyFromUtf8("ignored here"))
            .build()
            .toByteArray();
    IdentifyMessage merged = IdentifyMessage.read(stream(first, second));
    assertThat(merged.agentVersion()).contains("go");
    assertThat(merged.protocols()).containsExactly("/a", "/b");
    assertThat(merged.listenAddresses()).containsExactly(ONE, TWO);
    assertThat(merged.publicKey()).isEmpty();
  }

  @Test
  void absentFields_leaveWhatWasKnown() throws IOException {
    PeerInfo before = new PeerInfo("v", "agent", List.of(ONE), List.of("/a"), Optional.of(TWO));
    byte[] push = IdentifyMessageProto.newBuilder().addProtocols("/b").build().toByteArray();
    assertThat(IdentifyMessage.read(stream(push)).merge(before))
        .isEqualTo(new PeerInfo("v", "agent", List.of(ONE), List.of("/b"), Optional.of(TWO)));
  }

  @Test
  void strangeAddresses_areLeftOut() throws IOException {
    byte[] message =
        IdentifyMessageProto.newBuilder()
            .addListenAddrs(ByteString.copyFromUtf8("nonsense"))
            .addListenAddrs(ByteString.copyFrom(ONE.encoded().toArray()))
            .setObservedAddr(ByteString.copyFromUtf8("nonsense"))
            .build()
            .toByteArray();
    IdentifyMessage read = IdentifyMessage.read(stream(message));
    assertThat(read.listenAddresses()).containsExactly(ONE);
    assertThat(read.observedAddress()).isEmpty();
  }

  @Test
  void listsAndTexts_areBounded() throws IOException {
    IdentifyMessageProto.Builder message =
        IdentifyMessageProto.newBuilder().setAgentVersion("x".repeat(1000));
    IntStream.range(0, 1000).forEach(i -> message.addProtocols("/" + i));
    message.addProtocols("y".repeat(300));
    IdentifyMessage read = IdentifyMessage.read(stream(message.build().toByteArray()));
    assertThat(read.agentVersion().orElseThrow()).hasSize(IdentifyMessage.TEXT_MAX);
    assertThat(read.protocols()).hasSize(IdentifyMessage.PROTOCOLS_MAX);
  }

  @Test
  void tooLongTooManyNoneOrGarbage_isRefused() {
    byte[] longOne = new byte[IdentifyMessage.BYTES_MAX + 1];
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> IdentifyMessage.read(stream(longOne)));
    byte[][] many = new byte[IdentifyMessage.MESSAGES_MAX + 1][0];
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> IdentifyMessage.read(stream(many)));
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> IdentifyMessage.read(stream()));
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> IdentifyMessage.read(stream(new byte[] {(byte) 0xff, 1, 2})));
    assertThatExceptionOfType(EOFException.class)
        .isThrownBy(() -> IdentifyMessage.read(new ByteArrayInputStream(new byte[] {5, 1})));
  }
}
