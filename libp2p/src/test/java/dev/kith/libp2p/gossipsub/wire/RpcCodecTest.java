package dev.kith.libp2p.gossipsub.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Graft;
import dev.kith.libp2p.gossipsub.wire.RpcPart.IDontWant;
import dev.kith.libp2p.gossipsub.wire.RpcPart.IHave;
import dev.kith.libp2p.gossipsub.wire.RpcPart.IWant;
import dev.kith.libp2p.gossipsub.wire.RpcPart.OfferedPeer;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Prune;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Publish;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Subscribe;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Unsubscribe;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiformats.Varint;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class RpcCodecTest {
  private static final PeerId PEER = Keys.fromSeed(KeyType.SECP256K1, 1).publicKey().peerId();

  private static MessageId id(int number) {
    return MessageId.of(ByteBuffer.allocate(4).putInt(number).array());
  }

  private static byte[] body(byte[] frame) throws Exception {
    byte[] body = Varint.readMessage(new ByteArrayInputStream(frame), 64 << 20);
    return Objects.requireNonNull(body);
  }

  private static final List<RpcPart> ALL =
      List.of(
          new Subscribe("a"),
          new Unsubscribe("b"),
          new Publish(PubsubMessage.anonymous("c", new byte[] {1, 2, 3})),
          new Graft("d"),
          new Prune(
              "e",
              Optional.of(Duration.ofSeconds(60)),
              List.of(
                  new OfferedPeer(PEER, Optional.empty()),
                  new OfferedPeer(PEER, Optional.of(Bytes.of(1, 2))))),
          new Prune("f", Optional.empty(), List.of()),
          new IHave("g", List.of(id(1), id(2))),
          new IWant(List.of(id(3))),
          new IDontWant(List.of(id(4))));

  @Test
  void everything_comesBack() throws Exception {
    assertThat(RpcCodec.decode(body(RpcCodec.encode(ALL)))).isEqualTo(ALL);
    PubsubMessage message = PubsubMessage.anonymous("topic", new byte[300]);
    assertThat(RpcCodec.decode(body(message.frame()))).containsExactly(new Publish(message));
    assertThat(message.frame()).isEqualTo(RpcCodec.encode(List.of(new Publish(message))));
  }

  @Test
  void bytes_areThoseOfTheSpecification() {
    assertThat(Bytes.wrap(RpcCodec.encode(List.of(new Subscribe("t")))).toUnprefixedHexString())
        .isEqualTo("070a050801120174");
    assertThat(Bytes.wrap(RpcCodec.encode(List.of(new Graft("t")))).toUnprefixedHexString())
        .isEqualTo("071a051a030a0174");
    assertThat(
            Bytes.wrap(
                    RpcCodec.encode(
                        List.of(new Prune("t", Optional.of(Duration.ofSeconds(60)), List.of()))))
                .toUnprefixedHexString())
        .isEqualTo("091a0722050a0174183c");
    assertThat(
            Bytes.wrap(RpcCodec.encode(List.of(new IDontWant(List.of(id(9))))))
                .toUnprefixedHexString())
        .isEqualTo("0a1a082a060a0400000009");
  }

  @Test
  void fieldsBeyondTheBound_areRefusedBeforeTheyAreBuilt() throws Exception {
    List<MessageId> ids = IntStream.range(0, 30_000).mapToObj(RpcCodecTest::id).toList();
    byte[] many = body(RpcCodec.encode(List.of(new IHave("t", ids))));
    assertThat(RpcCodec.decode(many)).hasSize(1);
    byte[] twice = ByteBuffer.allocate(2 * many.length).put(many).put(many).array();
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> RpcCodec.decode(twice));
    byte[] empties = new byte[1 << 20]; // half a million empty messages
    for (int i = 0; i < empties.length; i += 2) {
      empties[i] = 0x12;
    }
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> RpcCodec.decode(empties));
  }

  @Test
  void whatIsTooLong_isPassedOver_andLongBackoffsAreCut() throws Exception {
    String longTopic = "t".repeat(Topics.BYTES_MAX + 1);
    List<RpcPart> parts =
        RpcCodec.decode(
            body(
                RpcCodec.encode(
                    List.of(
                        new Subscribe(longTopic),
                        new Graft(""),
                        new Prune("t", Optional.of(Duration.ofSeconds(-1)), List.of())))));
    assertThat(parts).containsExactly(new Prune("t", Optional.of(RpcCodec.BACKOFF_MAX), List.of()));
  }

  @Test
  void garbage_isRefusedOrRead_neverMore() throws Exception {
    byte[] good = body(RpcCodec.encode(ALL));
    for (long seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      byte[] bad = good.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(RpcCodec.decode(bad)).as("seed %d", seed).isNotNull();
      } catch (ProtocolViolationException e) {
        assertThat(e).as("seed %d", seed).isNotNull();
      }
    }
  }
}
