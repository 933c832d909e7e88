package dev.kith.libp2p.gossipsub.wire;

import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** One thing that a peer tells another; an RPC is a list of them. */
public sealed interface RpcPart {
  /** The peer wants messages of the topic from now on. */
  record Subscribe(String topic) implements RpcPart {}

  record Unsubscribe(String topic) implements RpcPart {}

  /** A message in full. */
  record Publish(PubsubMessage message) implements RpcPart {}

  /** The sender put the receiver into its mesh of a topic. */
  record Graft(String topic) implements RpcPart {}

  /**
   * The sender took the receiver out of its mesh, or refuses a graft.
   *
   * @param backoff how long the receiver may not graft; absent from peers of gossipsub 1.0
   * @param peers others that the receiver might turn to
   */
  record Prune(String topic, Optional<Duration> backoff, List<OfferedPeer> peers)
      implements RpcPart {
    public Prune {
      peers = List.copyOf(peers);
    }
  }

  /** The sender has these messages. */
  record IHave(String topic, List<MessageId> ids) implements RpcPart {
    public IHave {
      ids = List.copyOf(ids);
    }
  }

  /** The sender asks for these messages. */
  record IWant(List<MessageId> ids) implements RpcPart {
    public IWant {
      ids = List.copyOf(ids);
    }
  }

  /** The sender has these messages and does not want them again (gossipsub 1.2). */
  record IDontWant(List<MessageId> ids) implements RpcPart {
    public IDontWant {
      ids = List.copyOf(ids);
    }
  }

  /**
   * A peer of a topic, for one that was pruned.
   *
   * @param signedRecord where it says that it listens, as {@link
   *     dev.kith.libp2p.record.PeerRecord#open} reads it; not checked yet
   */
  record OfferedPeer(PeerId peer, Optional<Bytes> signedRecord) {}
}
