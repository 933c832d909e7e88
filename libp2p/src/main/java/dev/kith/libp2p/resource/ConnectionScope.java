package dev.kith.libp2p.resource;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Subnet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The room that one connection takes, from before its socket is paid for until it is closed.
 * Thread-safe; closing it gives back what its streams hold, too, and may be done twice.
 */
public final class ConnectionScope implements AutoCloseable {
  private final Resources resources;
  private final Direction direction;
  private final @Nullable Subnet subnet;
  private final Accounts system;

  // Guarded by this.
  private final Set<StreamScope> streams = new HashSet<>();
  private Resources.@Nullable PeerScope peer;
  private @Nullable Accounts memory;
  private boolean closed;

  private volatile long activeNanos;
  private volatile int streamCount;

  ConnectionScope(
      Resources resources, Direction direction, @Nullable Subnet subnet, Accounts system) {
    this.resources = resources;
    this.direction = direction;
    this.subnet = subnet;
    this.system = system;
    this.activeNanos = resources.now();
  }

  /** Who opened it. */
  public Direction direction() {
    return direction;
  }

  @Nullable Subnet subnet() {
    return subnet;
  }

  /**
   * The handshake is done, and the connection counts as this peer's.
   *
   * @throws LimitReachedException when the peer has as many as it may
   * @throws IllegalStateException when it has a peer already
   */
  public synchronized void identify(PeerId remote) throws LimitReachedException {
    if (peer != null) {
      throw new IllegalStateException("the connection is one of " + peer.peer + " already");
    }
    if (!closed) {
      peer = resources.identify(this, remote);
      memory =
          new Accounts(
              peer.memory.received().child(),
              peer.memory.growth().child(),
              peer.memory.sending().child());
    }
  }

  /**
   * Room for a stream whose protocol is not known yet.
   *
   * @throws LimitReachedException when there is none
   * @throws IllegalStateException when the peer is not known yet
   */
  public synchronized StreamScope stream(Direction opener) throws LimitReachedException {
    StreamScope stream = new StreamScope(this, opener);
    if (closed) {
      stream.ended();
      return stream;
    }
    if (peer == null) {
      throw new IllegalStateException("streams come after the handshake");
    }
    resources.takeStream(peer, opener);
    streams.add(stream);
    touched();
    return stream;
  }

  synchronized void name(StreamScope stream, String protocol) throws LimitReachedException {
    if (peer != null && streams.contains(stream)) {
      resources.nameStream(peer, stream.direction(), protocol);
      stream.named(protocol);
    }
  }

  synchronized void release(StreamScope stream) {
    if (peer != null && streams.remove(stream)) {
      resources.releaseStream(peer, stream.direction(), stream.protocol());
      touched();
    }
  }

  private void touched() {
    activeNanos = resources.now();
    streamCount = streams.size();
  }

  /** When a stream of it was last opened or closed, by the clock of its {@link Resources}. */
  public long activeNanos() {
    return activeNanos;
  }

  /** How many streams it has. */
  public int streams() {
    return streamCount;
  }

  /** For what is received and not read. */
  public MemoryAccount received() {
    return memory().received();
  }

  /** For the growth of receive windows. */
  public MemoryAccount growth() {
    return memory().growth();
  }

  /** For what waits to be sent. */
  public MemoryAccount sending() {
    return memory().sending();
  }

  private synchronized Accounts memory() {
    return memory == null ? system : memory;
  }

  /** Gives back what it and its streams hold. Memory is given back by those who took it. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    Set.copyOf(streams).forEach(StreamScope::close);
    closed = true;
    resources.release(this, peer);
  }
}
