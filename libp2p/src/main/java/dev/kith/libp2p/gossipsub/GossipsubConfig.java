package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.gossipsub.router.RouterParams;
import dev.kith.libp2p.gossipsub.wire.MessageIdFunction;
import dev.kith.libp2p.gossipsub.wire.MessageSecurity;
import dev.kith.libp2p.identity.PeerId;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.tuweni.bytes.Bytes;

/**
 * How a host takes part in gossipsub. All peers of a topic must agree on {@code security} and
 * {@code messageId}.
 *
 * @param deliverOwn whether own messages come to own subscriptions too
 * @param messageBytesMax the longest RPC that is read, and so about the longest message; at most 16
 *     MiB
 * @param validatorsMax validators that run at once
 * @param subscriptionBacklogMax messages that wait in one subscription; further ones are dropped
 * @param signedRecords what peers said of their addresses, for peer exchange; must not block
 */
public record GossipsubConfig(
    RouterParams router,
    MessageSecurity security,
    MessageIdFunction messageId,
    boolean deliverOwn,
    int messageBytesMax,
    int validatorsMax,
    int subscriptionBacklogMax,
    Function<PeerId, Optional<Bytes>> signedRecords) {
  public GossipsubConfig {
    Objects.requireNonNull(router, "router");
    Objects.requireNonNull(security, "security");
    Objects.requireNonNull(messageId, "messageId");
    Objects.requireNonNull(signedRecords, "signedRecords");
    if (messageBytesMax < 1_024 || messageBytesMax > 16 << 20) {
      throw new IllegalArgumentException("messageBytesMax: " + messageBytesMax);
    }
    if (validatorsMax < 1 || subscriptionBacklogMax < 1) {
      throw new IllegalArgumentException("validatorsMax, subscriptionBacklogMax: at least 1");
    }
  }

  /** What go-libp2p does: signed messages of at most 1 MiB, named by author and sequence number. */
  public static GossipsubConfig defaults() {
    return new GossipsubConfig(
        RouterParams.defaults(),
        MessageSecurity.STRICT_SIGN,
        MessageIdFunction.byAuthor(),
        false,
        1 << 20,
        64,
        1_024,
        peer -> Optional.empty());
  }

  public GossipsubConfig withRouter(RouterParams value) {
    return new GossipsubConfig(
        value,
        security,
        messageId,
        deliverOwn,
        messageBytesMax,
        validatorsMax,
        subscriptionBacklogMax,
        signedRecords);
  }

  public GossipsubConfig withSecurity(MessageSecurity value, MessageIdFunction ids) {
    return new GossipsubConfig(
        router,
        value,
        ids,
        deliverOwn,
        messageBytesMax,
        validatorsMax,
        subscriptionBacklogMax,
        signedRecords);
  }

  public GossipsubConfig withDeliverOwn(boolean value) {
    return new GossipsubConfig(
        router,
        security,
        messageId,
        value,
        messageBytesMax,
        validatorsMax,
        subscriptionBacklogMax,
        signedRecords);
  }

  public GossipsubConfig withMessageBytesMax(int value) {
    return new GossipsubConfig(
        router,
        security,
        messageId,
        deliverOwn,
        value,
        validatorsMax,
        subscriptionBacklogMax,
        signedRecords);
  }

  public GossipsubConfig withSubscriptionBacklogMax(int value) {
    return new GossipsubConfig(
        router,
        security,
        messageId,
        deliverOwn,
        messageBytesMax,
        validatorsMax,
        value,
        signedRecords);
  }

  public GossipsubConfig withSignedRecords(Function<PeerId, Optional<Bytes>> value) {
    return new GossipsubConfig(
        router,
        security,
        messageId,
        deliverOwn,
        messageBytesMax,
        validatorsMax,
        subscriptionBacklogMax,
        value);
  }
}
