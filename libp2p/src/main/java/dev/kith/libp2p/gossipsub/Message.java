package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.identity.PeerId;
import java.util.Optional;

/**
 * A message of a topic, as subscriptions and validators see it: its signature was checked.
 *
 * @param source the peer that sent it here; this one itself for own messages
 */
public record Message(MessageId id, PubsubMessage content, PeerId source) {
  public String topic() {
    return content.topic();
  }

  /** A copy of the payload. */
  public byte[] data() {
    return content.data();
  }

  /** Who wrote it; empty where messages are not signed. */
  public Optional<PeerId> from() {
    return content.from();
  }
}
