package dev.kith.libp2p.gossipsub.wire;

import com.google.protobuf.ByteString;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiformats.Varint;
import dev.kith.libp2p.proto.GossipsubProto.MessageProto;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A message as it travels, with the fields that are unknown here, which a signature may cover.
 * Immutable; two with the same bytes are equal. Whether it is signed well is told by {@link
 * MessageSecurity}.
 */
public final class PubsubMessage {
  /** {@code RpcProto.publish}, length-delimited. */
  private static final byte PUBLISH_TAG = 0x12;

  private final MessageProto proto;
  private final Optional<PeerId> from;

  /** Made when it is first sent; a race makes it twice, which does no harm. */
  private byte @Nullable [] frame;

  private PubsubMessage(MessageProto proto, Optional<PeerId> from) {
    this.proto = proto;
    this.from = from;
  }

  static PubsubMessage of(MessageProto proto) {
    return new PubsubMessage(proto, author(proto));
  }

  private static Optional<PeerId> author(MessageProto proto) {
    try {
      return proto.hasFrom()
          ? Optional.of(PeerId.fromBytes(Bytes.wrap(proto.getFrom().toByteArray())))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A message that says nothing of its author, as peers that do not sign send it. */
  public static PubsubMessage anonymous(String topic, byte[] data) {
    Topics.check(topic);
    return of(MessageProto.newBuilder().setData(ByteString.copyFrom(data)).setTopic(topic).build());
  }

  public String topic() {
    return proto.getTopic();
  }

  /** A copy of the payload. */
  public byte[] data() {
    return proto.getData().toByteArray();
  }

  public int dataBytes() {
    return proto.getData().size();
  }

  /** Who wrote it, where that is said and can be a peer; not who sent it here. */
  public Optional<PeerId> from() {
    return from;
  }

  /** As on the wire; empty where it is absent. */
  byte[] fromBytes() {
    return proto.getFrom().toByteArray();
  }

  /** The author's sequence number, usually 8 bytes, big-endian; empty where it is absent. */
  public byte[] sequence() {
    return proto.getSeqno().toByteArray();
  }

  MessageProto proto() {
    return proto;
  }

  /** What it takes on the wire and, about, in memory. */
  public int bytes() {
    return proto.getSerializedSize();
  }

  /**
   * An RPC with this message alone, after its length: made once for all the peers that get it. Not
   * to be written to.
   */
  public byte[] frame() {
    byte[] made = frame;
    if (made == null) {
      byte[] message = proto.toByteArray();
      int rpcBytes = 1 + Varint.size(message.length) + message.length;
      ByteBuffer out = ByteBuffer.allocate(Varint.size(rpcBytes) + rpcBytes);
      Varint.put(out, rpcBytes);
      out.put(PUBLISH_TAG);
      Varint.put(out, message.length);
      made = out.put(message).array();
      frame = made;
    }
    return made;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PubsubMessage message && proto.equals(message.proto);
  }

  @Override
  public int hashCode() {
    return proto.hashCode();
  }

  @Override
  public String toString() {
    return dataBytes() + " bytes for " + topic() + from.map(peer -> " by " + peer).orElse("");
  }
}
