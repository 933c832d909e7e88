package dev.kith.dht.kad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.kith.dht.proto.KadProto.MessageProto;
import dev.kith.dht.proto.KadProto.MessageProto.MessageType;
import dev.kith.dht.proto.KadProto.MessageProto.PeerProto;
import dev.kith.dht.proto.KadProto.RecordProto;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiformats.Varint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class KadCodecTest {
  private final SplittableRandom random = new SplittableRandom(3);
  private final Bytes key = Fixtures.key(random);
  private final Contact peer = Fixtures.contact(random);

  @Test
  void requests_surviveTheWire() throws Exception {
    ValueRecord record =
        new ValueRecord(key, Bytes.of(1, 2), Optional.of(Instant.parse("2030-01-01T00:00:00Z")));
    for (KadRequest request :
        List.of(
            new KadRequest.FindNode(key),
            new KadRequest.GetValue(key),
            new KadRequest.PutValue(record),
            new KadRequest.GetProviders(key),
            new KadRequest.AddProvider(key, List.of(peer)),
            new KadRequest.Ping())) {
      assertThat(read(KadCodec.encode(request))).contains(request);
    }
  }

  @Test
  void findNode_hasTheBytesOfTheSpecification() {
    byte[] bytes = KadCodec.encode(new KadRequest.FindNode(Bytes.of(0xaa, 0xbb)));
    // Length 6; type (1) = FIND_NODE (4); key (2), two bytes.
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("0608041202aabb");
  }

  @Test
  void putValue_writesItsTypeThoughItIsZero() {
    KadRequest put =
        new KadRequest.PutValue(new ValueRecord(Bytes.of(1), Bytes.of(2), Optional.empty()));
    assertThat(HexFormat.of().formatHex(KadCodec.encode(put)))
        .isEqualTo("0d" + "0800" + "120101" + "1a06" + "0a0101" + "120102");
  }

  @Test
  void pitfall19_unknownFieldsAreSkipped() throws Exception {
    byte[] message = HexFormat.of().parseHex("0804" + "1202aabb" + "5003" + "7a020102");
    assertThat(read(Varint.prefixed(message)))
        .contains(new KadRequest.FindNode(Bytes.of(0xaa, 0xbb)));
  }

  @Test
  void pitfall21_aRecordOfAnotherKeyIsAViolation() {
    MessageProto message =
        MessageProto.newBuilder()
            .setType(MessageType.PUT_VALUE)
            .setKey(ByteString.copyFromUtf8("/pk/a"))
            .setRecord(
                RecordProto.newBuilder()
                    .setKey(ByteString.copyFromUtf8("/pk/b"))
                    .setValue(ByteString.copyFromUtf8("v")))
            .build();
    assertThatThrownBy(() -> read(Varint.prefixed(message.toByteArray())))
        .isInstanceOf(ProtocolViolationException.class)
        .hasMessageContaining("record.key");
  }

  @Test
  void peersThatCannotBeRead_doNotSpoilTheOthers() throws Exception {
    PeerProto good = KadCodec.encode(peer);
    PeerProto strangeAddress =
        good.toBuilder().addAddrs(ByteString.copyFrom(new byte[] {(byte) 0xff, 7})).build();
    PeerProto noPeer = PeerProto.newBuilder().setId(ByteString.copyFromUtf8("x")).build();
    PeerProto tooLong =
        good.toBuilder().addAddrs(ByteString.copyFrom(new byte[KadCodec.PEER_BYTES_MAX])).build();
    MessageProto message =
        MessageProto.newBuilder()
            .setType(MessageType.FIND_NODE)
            .addAllCloserPeers(List.of(noPeer, tooLong, strangeAddress))
            .build();
    assertThat(response(message).closer()).containsExactly(peer);
  }

  @Test
  void addressesOfAnotherPeer_areLeftOut() throws Exception {
    Multiaddr address = peer.addresses().getFirst();
    Contact other = Fixtures.contact(random);
    PeerProto proto =
        PeerProto.newBuilder()
            .setId(ByteString.copyFrom(peer.id().multihash().toArray()))
            .addAddrs(ByteString.copyFrom(address.withPeer(other.id()).encoded().toArray()))
            .addAddrs(ByteString.copyFrom(address.withPeer(peer.id()).encoded().toArray()))
            .build();
    assertThat(KadCodec.decode(proto)).contains(peer);
  }

  @Test
  void listsAreCutAndLengthsCheckedBeforeAnythingIsAllocated() throws Exception {
    MessageProto.Builder crowd = MessageProto.newBuilder().setType(MessageType.FIND_NODE);
    Stream.generate(() -> Fixtures.contact(random))
        .limit(500)
        .forEach(c -> crowd.addCloserPeers(KadCodec.encode(c)));
    assertThat(response(crowd.build()).closer()).hasSize(KadCodec.PEERS_MAX);

    byte[] hugeLength = Varint.encode(KadCodec.MESSAGE_BYTES_MAX + 1L);
    assertThatThrownBy(() -> read(hugeLength)).isInstanceOf(ProtocolViolationException.class);
  }

  @Test
  void whatIsSent_staysBelowTheLimitOfWhatIsTaken() throws Exception {
    List<Multiaddr> addresses =
        Stream.generate(() -> Multiaddr.parse("/dns4/" + "a".repeat(200) + "/tcp/4001"))
            .limit(16)
            .toList();
    List<Contact> many =
        Stream.generate(() -> new Contact(Fixtures.contact(random).id(), addresses))
            .limit(200)
            .toList();
    byte[] bytes = KadCodec.encode(KadResponse.providers(key, many, many));
    assertThat(bytes).hasSizeLessThan(KadCodec.MESSAGE_BYTES_MAX);
    assertThat(response(bytes, new KadRequest.GetProviders(key)).providers()).isNotEmpty();
  }

  @Test
  void anAnswerToAnotherQuestion_isAViolation() {
    byte[] pong = KadCodec.encode(KadResponse.pong());
    assertThatThrownBy(() -> response(pong, new KadRequest.FindNode(key)))
        .isInstanceOf(ProtocolViolationException.class);
  }

  @Test
  void anyBytes_areARequestOrAViolation() throws Exception {
    byte[] valid = KadCodec.encode(new KadRequest.AddProvider(key, List.of(peer)));
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = valid.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        read(bytes);
      } catch (IOException expected) {
        assertThat(expected).isNotNull(); // a violation or a cut-off message, nothing worse
      }
    }
  }

  private static Optional<KadRequest> read(byte[] bytes) throws IOException {
    return KadCodec.readRequest(new ByteArrayInputStream(bytes));
  }

  private KadResponse response(MessageProto message) throws IOException {
    return response(Varint.prefixed(message.toByteArray()), new KadRequest.FindNode(key));
  }

  private static KadResponse response(byte[] bytes, KadRequest request) throws IOException {
    return KadCodec.readResponse(new ByteArrayInputStream(bytes), request);
  }
}
