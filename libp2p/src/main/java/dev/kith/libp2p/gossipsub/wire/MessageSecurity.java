package dev.kith.libp2p.gossipsub.wire;

import com.google.protobuf.ByteString;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.proto.GossipsubProto.MessageProto;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Whether messages name and prove their authors (libp2p/specs pubsub, message signing). */
public enum MessageSecurity {
  /** Every message has an author, a sequence number and a signature; others are invalid. */
  STRICT_SIGN {
    @Override
    public PubsubMessage seal(PrivateKey key, long sequence, String topic, byte[] data) {
      PublicKey author = key.publicKey();
      Bytes id = author.peerId().multihash();
      MessageProto.Builder message =
          MessageProto.newBuilder()
              .setFrom(ByteString.copyFrom(id.toArrayUnsafe()))
              .setData(ByteString.copyFrom(data))
              .setSeqno(
                  ByteString.copyFrom(ByteBuffer.allocate(SEQUENCE_BYTES).putLong(0, sequence)))
              .setTopic(Topics.check(topic));
      byte[] signature = key.sign(signed(message.build()));
      message.setSignature(ByteString.copyFrom(signature));
      if (author.peerId().publicKey().isEmpty()) {
        message.setKey(ByteString.copyFrom(author.encoded().toArrayUnsafe()));
      }
      return PubsubMessage.of(message.build());
    }

    @Override
    public void check(PubsubMessage message) throws ProtocolViolationException {
      MessageProto proto = message.proto();
      PeerId author =
          message.from().orElseThrow(() -> new ProtocolViolationException("message: no author"));
      if (proto.getSeqno().size() != SEQUENCE_BYTES) {
        throw new ProtocolViolationException("message: no sequence number of 8 bytes");
      }
      if (proto.getSignature().isEmpty()) {
        throw new ProtocolViolationException("message: not signed");
      }
      PublicKey key = key(proto, author);
      if (!key.verify(signed(proto), proto.getSignature().toByteArray())) {
        throw new ProtocolViolationException("message: forged");
      }
    }
  },

  /** No message says who wrote it; those that do are invalid. */
  STRICT_NO_SIGN {
    @Override
    public PubsubMessage seal(PrivateKey key, long sequence, String topic, byte[] data) {
      return PubsubMessage.anonymous(topic, data);
    }

    @Override
    public void check(PubsubMessage message) throws ProtocolViolationException {
      MessageProto proto = message.proto();
      if (proto.hasFrom() || proto.hasSeqno() || proto.hasSignature() || proto.hasKey()) {
        throw new ProtocolViolationException("message: says who wrote it");
      }
    }
  };

  private static final int SEQUENCE_BYTES = 8;
  private static final byte[] PREFIX = "libp2p-pubsub:".getBytes(StandardCharsets.US_ASCII);

  /** A message of one's own; {@code sequence} must differ from those of all others. */
  public abstract PubsubMessage seal(PrivateKey key, long sequence, String topic, byte[] data);

  /**
   * Checks a message of others. It costs a signature check: not for event loops.
   *
   * @throws ProtocolViolationException when it is invalid
   */
  public abstract void check(PubsubMessage message) throws ProtocolViolationException;

  /** The key of the author: from its id, which says it all for short keys, or from the message. */
  private static PublicKey key(MessageProto message, PeerId author)
      throws ProtocolViolationException {
    Optional<PublicKey> inline = author.publicKey();
    if (!message.hasKey()) {
      return inline.orElseThrow(() -> new ProtocolViolationException("message: no key"));
    }
    PublicKey key = Keys.decodePublic(Bytes.wrap(message.getKey().toByteArray()));
    if (!key.peerId().equals(author)) {
      throw new ProtocolViolationException("message: the key of another");
    }
    return key;
  }

  /**
   * What is signed: the message without its signature and without its key. The specification leaves
   * out only one of the two; go, js and rust leave out both.
   */
  private static byte[] signed(MessageProto message) {
    byte[] unsigned = message.toBuilder().clearSignature().clearKey().build().toByteArray();
    return ByteBuffer.allocate(PREFIX.length + unsigned.length).put(PREFIX).put(unsigned).array();
  }
}
