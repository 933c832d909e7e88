package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.gossipsub.wire.MessageId;
import dev.kith.libp2p.gossipsub.wire.MessageIdFunction;
import dev.kith.libp2p.gossipsub.wire.PubsubMessage;
import dev.kith.libp2p.gossipsub.wire.RpcCodec;
import dev.kith.libp2p.gossipsub.wire.RpcPart;
import dev.kith.libp2p.gossipsub.wire.RpcPart.Publish;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** The streams that peers send on: reads their RPCs and hands them to the loop, a few at a time. */
final class InboundStreams {
  private static final Duration KNOWN_TIMEOUT = Duration.ofSeconds(15);

  /** RPCs of one peer that wait for the loop. */
  private static final int RPCS_AT_ONCE = 2;

  private final int messageBytesMax;
  private final MessageIdFunction names;
  private final EventLoop loop;
  private final Owner owner;
  private final Map<PeerId, Stream> streams = new ConcurrentHashMap<>();
  private final Semaphore longFrames = new Semaphore(FrameReader.LONG_FRAMES_MAX);

  record Named(MessageId id, PubsubMessage message) {}

  /** An RPC, sorted by the order in which its parts are looked at. */
  record Rpc(List<RpcPart> subscribing, List<Named> messages, List<RpcPart> control) {}

  /** What becomes of RPCs. */
  interface Owner {
    /** The way to the peer of a connection; there is one from now on, or soon. */
    PeerLink link(Connection connection);

    /** Whether the router knows the peer by this link. On the loop. */
    boolean knows(PeerLink link);

    /** On the loop. */
    void received(PeerId peer, Rpc rpc);

    void brokeProtocol(PeerId peer);

    /** Runs what may block on a thread of its own. */
    void execute(Runnable task);
  }

  InboundStreams(GossipsubConfig config, EventLoop loop, Owner owner) {
    this.messageBytesMax = config.messageBytesMax();
    this.names = config.messageId();
    this.loop = loop;
    this.owner = owner;
  }

  /** Reads what a peer sends; of several streams of a peer the last one counts. */
  void serve(Stream stream) throws IOException, InterruptedException {
    PeerId peer = stream.remotePeer();
    Stream before = streams.put(peer, stream);
    if (before != null) {
      before.reset();
    }
    try {
      PeerLink link = owner.link(stream.connection());
      if (!link.awaitKnown(KNOWN_TIMEOUT)) {
        throw new IOException("no stream to " + peer);
      }
      read(stream, link);
    } catch (ProtocolViolationException e) {
      owner.brokeProtocol(peer);
      throw e;
    } finally {
      streams.remove(peer, stream);
    }
  }

  /**
   * Until the stream ends, or the router forgot the peer since it began: what the peer said at its
   * beginning, its topics, is gone then, and is said again on a new stream.
   */
  private void read(Stream stream, PeerLink link) throws IOException, InterruptedException {
    FrameReader reader = new FrameReader(stream, messageBytesMax, longFrames);
    Semaphore waiting = new Semaphore(RPCS_AT_ONCE);
    while (!loop.closed()) {
      FrameReader.Frame frame = reader.next();
      if (frame == null) {
        return;
      }
      boolean posted = false;
      try {
        Rpc rpc = sorted(RpcCodec.decode(frame.bytes()));
        waiting.acquire();
        loop.post(
            () -> {
              try {
                if (owner.knows(link)) {
                  owner.received(link.peer, rpc);
                } else {
                  owner.execute(stream::reset);
                }
              } finally {
                waiting.release();
                frame.close();
              }
            });
        posted = true;
      } finally {
        if (!posted) {
          frame.close();
        }
      }
    }
  }

  /** Names the messages as well, here and not on the loop, as a name may be a hash. */
  private Rpc sorted(List<RpcPart> parts) throws ProtocolViolationException {
    List<Named> messages = new ArrayList<>();
    List<RpcPart> subscribing = new ArrayList<>();
    List<RpcPart> control = new ArrayList<>();
    for (RpcPart part : parts) {
      switch (part) {
        case Publish(PubsubMessage message) -> messages.add(new Named(names.id(message), message));
        case RpcPart.Subscribe _, RpcPart.Unsubscribe _ -> subscribing.add(part);
        case RpcPart.Graft _,
            RpcPart.Prune _,
            RpcPart.IHave _,
            RpcPart.IWant _,
            RpcPart.IDontWant _ ->
            control.add(part);
      }
    }
    return new Rpc(subscribing, messages, control);
  }

  /** Resets the streams. */
  void close() {
    streams.values().forEach(Stream::reset);
  }
}
