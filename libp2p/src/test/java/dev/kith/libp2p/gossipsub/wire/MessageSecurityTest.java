package dev.kith.libp2p.gossipsub.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.proto.GossipsubProto.MessageProto;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageSecurityTest {
  private static final PrivateKey KEY = Keys.fromSeed(KeyType.ED25519, 1);
  private static final byte[] DATA = "data".getBytes(US_ASCII);

  private static PubsubMessage signed(PrivateKey key) {
    return MessageSecurity.STRICT_SIGN.seal(key, 7, "topic", DATA);
  }

  private static void rejects(MessageSecurity security, MessageProto.Builder message) {
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> security.check(PubsubMessage.of(message.build())));
  }

  @ParameterizedTest
  @EnumSource(names = {"ED25519", "SECP256K1"})
  void signature_excludesItselfAndTheKey_andTheKeyStandsInTheAuthor(KeyType type) throws Exception {
    PrivateKey key = Keys.fromSeed(type, 5);
    PubsubMessage message = signed(key);
    assertThat(message.proto().hasKey()).isFalse();
    MessageSecurity.STRICT_SIGN.check(message);
    Bytes author = key.publicKey().peerId().multihash();
    Bytes unsigned =
        Bytes.concatenate(
            Bytes.wrap("libp2p-pubsub:".getBytes(US_ASCII)),
            Bytes.of(0x0a, author.size()),
            author,
            Bytes.of(0x12, 4),
            Bytes.wrap(DATA),
            Bytes.fromHexString("0x1a080000000000000007"),
            Bytes.of(0x22, 5),
            Bytes.wrap("topic".getBytes(US_ASCII)));
    byte[] signature = message.proto().getSignature().toByteArray();
    assertThat(key.publicKey().verify(unsigned.toArrayUnsafe(), signature)).isTrue();
    MessageProto.Builder withKey =
        message.proto().toBuilder()
            .setKey(ByteString.copyFrom(key.publicKey().encoded().toArrayUnsafe()));
    assertThatCode(() -> MessageSecurity.STRICT_SIGN.check(PubsubMessage.of(withKey.build())))
        .doesNotThrowAnyException();
  }

  @Test
  void check_refusesWhateverWasChanged() {
    MessageProto good = signed(KEY).proto();
    MessageSecurity sign = MessageSecurity.STRICT_SIGN;
    PrivateKey other = Keys.fromSeed(KeyType.ED25519, 2);
    ByteString otherId =
        ByteString.copyFrom(other.publicKey().peerId().multihash().toArrayUnsafe());
    rejects(sign, good.toBuilder().setData(ByteString.copyFromUtf8("date")));
    rejects(sign, good.toBuilder().setTopic("other"));
    rejects(sign, good.toBuilder().setSeqno(ByteString.copyFrom(new byte[8])));
    rejects(sign, good.toBuilder().setSeqno(ByteString.copyFrom(new byte[7])));
    rejects(sign, good.toBuilder().setFrom(otherId));
    rejects(sign, good.toBuilder().setFrom(ByteString.copyFromUtf8("nobody")));
    rejects(sign, good.toBuilder().clearFrom());
    rejects(sign, good.toBuilder().clearSeqno());
    rejects(sign, good.toBuilder().clearSignature());
    rejects(
        sign,
        good.toBuilder().setKey(ByteString.copyFrom(other.publicKey().encoded().toArrayUnsafe())));
    rejects(sign, good.toBuilder().setUnknownFields(unknown()));
  }

  @Test
  void unknownFields_thatWereSigned_areKeptAndVerify() throws Exception {
    MessageProto unsigned =
        signed(KEY).proto().toBuilder().clearSignature().setUnknownFields(unknown()).build();
    byte[] prefix = "libp2p-pubsub:".getBytes(US_ASCII);
    byte[] signature =
        KEY.sign(
            Bytes.concatenate(Bytes.wrap(prefix), Bytes.wrap(unsigned.toByteArray()))
                .toArrayUnsafe());
    MessageProto message =
        unsigned.toBuilder().setSignature(ByteString.copyFrom(signature)).build();
    MessageSecurity.STRICT_SIGN.check(
        PubsubMessage.of(MessageProto.parseFrom(message.toByteArray())));
  }

  private static UnknownFieldSet unknown() {
    return UnknownFieldSet.newBuilder()
        .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
        .build();
  }

  @Test
  void strictNoSign_refusesAnythingOfAnAuthor() throws Exception {
    MessageSecurity none = MessageSecurity.STRICT_NO_SIGN;
    PubsubMessage good = none.seal(KEY, 7, "topic", DATA);
    none.check(good);
    ByteString some = ByteString.copyFromUtf8("x");
    rejects(none, good.proto().toBuilder().setFrom(some));
    rejects(none, good.proto().toBuilder().setSeqno(some));
    rejects(none, good.proto().toBuilder().setSignature(some));
    rejects(none, good.proto().toBuilder().setKey(some));
  }

  @Test
  void ids_areAuthorAndSequence_orTheHashOfTheContent() throws Exception {
    PubsubMessage message = signed(KEY);
    assertThat(MessageIdFunction.byAuthor().id(message).toString())
        .isEqualTo(
            KEY.publicKey().peerId().multihash().toUnprefixedHexString() + "0000000000000007");
    assertThat(MessageIdFunction.byContent().id(message).toByteArray()).hasSize(32);
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> MessageIdFunction.byAuthor().id(PubsubMessage.anonymous("topic", DATA)));
  }
}
