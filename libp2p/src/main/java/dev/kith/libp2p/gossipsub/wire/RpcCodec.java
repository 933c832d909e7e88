package dev.kith.libp2p.gossipsub.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
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
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiformats.Varint;
import dev.kith.libp2p.proto.GossipsubProto.ControlProto;
import dev.kith.libp2p.proto.GossipsubProto.GraftProto;
import dev.kith.libp2p.proto.GossipsubProto.IDontWantProto;
import dev.kith.libp2p.proto.GossipsubProto.IHaveProto;
import dev.kith.libp2p.proto.GossipsubProto.IWantProto;
import dev.kith.libp2p.proto.GossipsubProto.MessageProto;
import dev.kith.libp2p.proto.GossipsubProto.OfferedPeerProto;
import dev.kith.libp2p.proto.GossipsubProto.PruneProto;
import dev.kith.libp2p.proto.GossipsubProto.RpcProto;
import dev.kith.libp2p.proto.GossipsubProto.SubscriptionProto;
import dev.kith.libp2p.record.SignedEnvelope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * RPCs on the wire: {@code RpcProto}, after its length. Subscriptions are read first, then
 * messages, then control. What is longer than its bound, or has no topic, is passed over.
 */
public final class RpcCodec {
  /** Peers of a PRUNE that are looked at. */
  static final int OFFERED_PEERS_MAX = 64;

  /** The longest back-off that is heeded. */
  static final Duration BACKOFF_MAX = Duration.ofHours(1);

  private RpcCodec() {}

  /** A whole frame, its length first. */
  public static byte[] encode(List<RpcPart> parts) {
    RpcProto.Builder rpc = RpcProto.newBuilder();
    ControlProto.Builder control = ControlProto.newBuilder();
    for (RpcPart part : parts) {
      switch (part) {
        case Subscribe(String topic) -> rpc.addSubscriptions(subscription(topic, true));
        case Unsubscribe(String topic) -> rpc.addSubscriptions(subscription(topic, false));
        case Publish(PubsubMessage message) -> rpc.addPublish(message.proto());
        case Graft(String topic) -> control.addGraft(GraftProto.newBuilder().setTopic(topic));
        case Prune prune -> control.addPrune(encode(prune));
        case IHave(String topic, List<MessageId> ids) ->
            control.addIhave(IHaveProto.newBuilder().setTopic(topic).addAllMessageIds(wrap(ids)));
        case IWant(List<MessageId> ids) ->
            control.addIwant(IWantProto.newBuilder().addAllMessageIds(wrap(ids)));
        case IDontWant(List<MessageId> ids) ->
            control.addIdontwant(IDontWantProto.newBuilder().addAllMessageIds(wrap(ids)));
      }
    }
    ControlProto built = control.build();
    if (built.getSerializedSize() > 0) {
      rpc.setControl(built);
    }
    return Varint.prefixed(rpc.build().toByteArray());
  }

  private static SubscriptionProto.Builder subscription(String topic, boolean subscribe) {
    return SubscriptionProto.newBuilder().setSubscribe(subscribe).setTopic(topic);
  }

  private static PruneProto.Builder encode(Prune prune) {
    PruneProto.Builder message = PruneProto.newBuilder().setTopic(prune.topic());
    prune.backoff().ifPresent(backoff -> message.setBackoff(backoff.toSeconds()));
    for (OfferedPeer offered : prune.peers()) {
      OfferedPeerProto.Builder peer =
          OfferedPeerProto.newBuilder().setPeerId(wrap(offered.peer().multihash().toArrayUnsafe()));
      offered.signedRecord().ifPresent(r -> peer.setSignedPeerRecord(wrap(r.toArrayUnsafe())));
      message.addPeers(peer);
    }
    return message;
  }

  private static List<ByteString> wrap(List<MessageId> ids) {
    return ids.stream().map(id -> wrap(id.bytes())).toList();
  }

  private static ByteString wrap(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /**
   * Reads an RPC without its length.
   *
   * @throws ProtocolViolationException when it is malformed or has too many fields
   */
  public static List<RpcPart> decode(byte[] rpc) throws ProtocolViolationException {
    RpcBounds.check(rpc);
    RpcProto message;
    try {
      message = RpcProto.parseFrom(rpc);
    } catch (InvalidProtocolBufferException e) {
      throw new ProtocolViolationException("rpc: malformed", e);
    }
    List<RpcPart> parts = new ArrayList<>();
    for (SubscriptionProto subscription : message.getSubscriptionsList()) {
      String topic = subscription.getTopic();
      if (Topics.valid(topic)) {
        parts.add(subscription.getSubscribe() ? new Subscribe(topic) : new Unsubscribe(topic));
      }
    }
    for (MessageProto publish : message.getPublishList()) {
      if (Topics.valid(publish.getTopic())) {
        parts.add(new Publish(PubsubMessage.of(publish)));
      }
    }
    decode(message.getControl(), parts);
    return parts;
  }

  private static void decode(ControlProto control, List<RpcPart> parts) {
    for (GraftProto graft : control.getGraftList()) {
      if (Topics.valid(graft.getTopic())) {
        parts.add(new Graft(graft.getTopic()));
      }
    }
    for (PruneProto prune : control.getPruneList()) {
      if (Topics.valid(prune.getTopic())) {
        parts.add(new Prune(prune.getTopic(), backoff(prune), offered(prune)));
      }
    }
    for (IHaveProto ihave : control.getIhaveList()) {
      if (Topics.valid(ihave.getTopic())) {
        parts.add(new IHave(ihave.getTopic(), ids(ihave.getMessageIdsList())));
      }
    }
    for (IWantProto iwant : control.getIwantList()) {
      parts.add(new IWant(ids(iwant.getMessageIdsList())));
    }
    for (IDontWantProto idontwant : control.getIdontwantList()) {
      parts.add(new IDontWant(ids(idontwant.getMessageIdsList())));
    }
  }

  /** Unsigned on the wire: what is negative here is very long. */
  private static Optional<Duration> backoff(PruneProto prune) {
    if (!prune.hasBackoff()) {
      return Optional.empty();
    }
    long seconds = prune.getBackoff();
    boolean tooLong = seconds < 0 || seconds > BACKOFF_MAX.toSeconds();
    return Optional.of(tooLong ? BACKOFF_MAX : Duration.ofSeconds(seconds));
  }

  private static List<OfferedPeer> offered(PruneProto prune) {
    List<OfferedPeer> peers = new ArrayList<>();
    for (OfferedPeerProto peer : prune.getPeersList()) {
      if (peers.size() == OFFERED_PEERS_MAX) {
        break;
      }
      Optional<Bytes> signedRecord =
          Optional.of(peer.getSignedPeerRecord())
              .filter(record -> !record.isEmpty() && record.size() <= SignedEnvelope.BYTES_MAX)
              .map(record -> Bytes.wrap(record.toByteArray()));
      peerId(peer.getPeerId()).ifPresent(id -> peers.add(new OfferedPeer(id, signedRecord)));
    }
    return peers;
  }

  private static Optional<PeerId> peerId(ByteString bytes) {
    try {
      return Optional.of(PeerId.fromBytes(Bytes.wrap(bytes.toByteArray())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<MessageId> ids(List<ByteString> list) {
    List<MessageId> ids = new ArrayList<>(list.size());
    for (ByteString id : list) {
      if (!id.isEmpty() && id.size() <= MessageId.BYTES_MAX) {
        ids.add(MessageId.of(id.toByteArray()));
      }
    }
    return ids;
  }
}
