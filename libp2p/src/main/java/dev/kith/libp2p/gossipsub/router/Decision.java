package dev.kith.libp2p.gossipsub.router;

import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.gossipsub.wire.RpcPart;
import dev.kith.libp2p.identity.PeerId;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** What the router wants done, in this order. */
public sealed interface Decision {
  /** Control, gossip: anything but messages. */
  record Send(PeerId peer, RpcPart part) implements Decision {}

  /** A message for a peer of the mesh, or one's own. */
  record Forward(PeerId peer, MessageId id, PubsubMessage message) implements Decision {}

  /** A message that a peer asked for: it may wait behind others. */
  record Answer(PeerId peer, MessageId id, PubsubMessage message) implements Decision {}

  /** The peer has the message already: it need not be sent where it still waits. */
  record Withdraw(PeerId peer, MessageId id) implements Decision {}

  /** Check the signature, and report to {@link RouterMachine#verified}. */
  record Verify(PubsubMessage message) implements Decision {}

  /**
   * Ask the application's validator, and report to {@link RouterMachine#validated}.
   *
   * @param source who sent it here first
   */
  record Validate(MessageId id, PubsubMessage message, PeerId source) implements Decision {}

  /** Give a valid message to the application. */
  record Deliver(MessageId id, PubsubMessage message, PeerId source) implements Decision {}

  /** Connect to a peer of the application's. */
  record Dial(PeerId peer) implements Decision {}

  /**
   * Connect to a peer that another one offered.
   *
   * @param signedRecord where it listens; to be used only if it verifies and is of this peer
   */
  record DialOffered(PeerId peer, Optional<Bytes> signedRecord, PeerId offeredBy)
      implements Decision {}
}
