package dev.kith.libp2p.resource;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Subnet;
import java.io.IOException;
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

  // Guarded by the resources' lock; the peer is written once.
  final Set<StreamScope> streams = new HashSet<>();
  volatile Resources.@Nullable PeerScope peer;
  boolean closed;

  private volatile long activeNanos;
  private volatile int streamCount;

  ConnectionScope(Resources resources, Direction direction, @Nullable Subnet subnet, long now) {
    this.resources = resources;
    this.direction = direction;
    this.subnet = subnet;
    this.activeNanos = now;
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
   * @throws IOException when it was closed meanwhile
   * @throws IllegalStateException when it has a peer already
   */
  public void identify(PeerId remote) throws IOException {
    resources.identify(this, remote);
  }

  /**
   * Room for a stream whose protocol is not known yet.
   *
   * @throws LimitReachedException when there is none
   * @throws IllegalStateException when the peer is not known yet
   */
  public StreamScope stream(Direction opener) throws LimitReachedException {
    return resources.stream(this, opener);
  }

  void release(StreamScope stream) {
    resources.release(stream);
  }

  void name(StreamScope stream, String protocol) throws LimitReachedException {
    resources.name(stream, protocol);
  }

  /** Under the resources' lock. */
  void touched(long now) {
    activeNanos = now;
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

  /** For what is received and not read. Whoever takes of it gives back, also after the close. */
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

  private Accounts memory() {
    Resources.PeerScope known = peer;
    if (known == null) {
      throw new IllegalStateException("memory is the peer's, who is not known yet");
    }
    return known.memory;
  }

  /** Gives back what it and its streams hold. Memory is given back by those who took it. */
  @Override
  public void close() {
    resources.release(this);
  }
}
