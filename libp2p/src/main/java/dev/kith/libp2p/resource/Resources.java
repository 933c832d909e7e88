package dev.kith.libp2p.resource;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Subnet;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The resources of one host. Thread-safe, and never blocks: counts of connections and streams stand
 * under one lock, which is held for a few additions; memory is counted without any.
 *
 * <p>There is one lock for the whole tree, under which no other is taken: event loops wait for it,
 * and threads that they carry hold it. A thread that could park while it holds it would wait for
 * its loop, and the loop for the thread.
 *
 * <p>Scopes of peers, protocols and subnets exist for as long as something is open in them, so
 * their number is bounded by the number of connections and streams.
 */
public final class Resources {
  private final ResourceLimits limits;
  private final LongSupplier clock;
  private final Consumer<Refusal> refused;
  private final Accounts memory;

  private final Object lock = new Object();

  // Guarded by the lock.
  private final Scope system;
  private final Scope transients;
  private final Map<PeerId, PeerScope> peers = new HashMap<>();
  private final Map<String, Scope> protocols = new HashMap<>();
  private final Map<Subnet, SubnetCount> subnets = new HashMap<>();

  /** One peer's counts. */
  static final class PeerScope {
    final PeerId peer;
    final Scope total;
    final Accounts memory;
    final Map<String, Scope> protocols = new HashMap<>();

    PeerScope(PeerId peer, ScopeLimits limits, Accounts memory) {
      this.peer = peer;
      this.total = new Scope("peer", limits);
      this.memory = memory;
    }
  }

  private static final class SubnetCount {
    private int connections;
    private int handshakes;
  }

  /**
   * @param clock nanoseconds of any monotonic clock
   * @param refused told of each refusal, on the thread that met it; must not block
   */
  public Resources(ResourceLimits limits, LongSupplier clock, Consumer<Refusal> refused) {
    this.limits = limits;
    this.clock = clock;
    this.refused = refused;
    this.memory = Accounts.ofSystem(limits.memory());
    this.system = new Scope("system", limits.system());
    this.transients = new Scope("transient", limits.transients());
  }

  /**
   * Room for a connection whose peer is not known yet.
   *
   * @param remote the remote's IP, where it has one
   * @throws LimitReachedException when there is none
   */
  public ConnectionScope connection(Direction direction, Optional<InetAddress> remote)
      throws LimitReachedException {
    // What this host dials is its own choice, and must not shut out those who dial it.
    Subnet subnet =
        direction == Direction.INBOUND
            ? remote.filter(this::bounded).map(Subnet::ofSubscriber).orElse(null)
            : null;
    String full;
    synchronized (lock) {
      full = takeConnection(direction, subnet);
    }
    if (full != null) {
      throw refuse(null, subnet, full, Refusal.What.CONNECTION, direction);
    }
    return new ConnectionScope(this, direction, subnet, clock.getAsLong());
  }

  private boolean bounded(InetAddress address) {
    return limits.loopbackBounded() || !address.isLoopbackAddress();
  }

  private @Nullable String takeConnection(Direction direction, @Nullable Subnet subnet) {
    if (!system.fitsConnection(direction)) {
      return system.name;
    }
    if (!transients.fitsConnection(direction)) {
      return transients.name;
    }
    if (subnet != null) {
      SubnetCount count = subnets.get(subnet);
      if (count != null
          && (count.connections >= limits.connectionsPerSubnet()
              || count.handshakes >= limits.handshakesPerSubnet())) {
        return "subnet";
      }
      SubnetCount taken = subnets.computeIfAbsent(subnet, _ -> new SubnetCount());
      taken.connections++;
      taken.handshakes++;
    }
    system.connection(direction, 1);
    transients.connection(direction, 1);
    return null;
  }

  /** The handshake is done. */
  void identify(ConnectionScope connection, PeerId peer) throws IOException {
    Direction direction = connection.direction();
    synchronized (lock) {
      if (connection.peer != null) {
        throw new IllegalStateException("the connection has a peer already");
      }
      if (connection.closed) {
        throw new IOException("the connection was closed during its handshake");
      }
      PeerScope scope =
          peers.computeIfAbsent(
              peer, p -> new PeerScope(p, limits.peer(), memory.ofPeer(limits.memory())));
      if (scope.total.fitsConnection(direction)) {
        scope.total.connection(direction, 1);
        leaveTransients(connection);
        connection.peer = scope;
        return;
      }
      if (scope.total.unused()) {
        peers.remove(peer, scope);
      }
    }
    throw refuse(peer, connection.subnet(), "peer", Refusal.What.CONNECTION, direction);
  }

  private void leaveTransients(ConnectionScope connection) {
    transients.connection(connection.direction(), -1);
    Subnet subnet = connection.subnet();
    if (subnet != null) {
      SubnetCount count = subnets.get(subnet);
      if (count == null) {
        throw new IllegalStateException("no count of " + subnet);
      }
      count.handshakes--;
    }
  }

  /** The connection is gone, and its streams with it. */
  void release(ConnectionScope connection) {
    synchronized (lock) {
      if (connection.closed) {
        return;
      }
      connection.closed = true;
      connection.streams.forEach(this::giveBack);
      connection.streams.clear();
      system.connection(connection.direction(), -1);
      PeerScope peer = connection.peer;
      if (peer == null) {
        leaveTransients(connection);
      } else {
        peer.total.connection(connection.direction(), -1);
        if (peer.total.unused()) {
          peers.remove(peer.peer, peer);
        }
      }
      Subnet subnet = connection.subnet();
      if (subnet != null) {
        subnets.computeIfPresent(subnet, (_, count) -> --count.connections == 0 ? null : count);
      }
    }
  }

  // ---- streams ----

  StreamScope stream(ConnectionScope connection, Direction direction) throws LimitReachedException {
    PeerScope peer;
    Scope full;
    synchronized (lock) {
      peer = connection.peer;
      StreamScope stream = new StreamScope(connection, direction);
      if (connection.closed) {
        return stream; // nothing is counted, and nothing given back
      }
      if (peer == null) {
        throw new IllegalStateException("streams come after the handshake");
      }
      full = fullOf(peer, direction);
      if (full == null) {
        peer.total.stream(direction, 1);
        system.stream(direction, 1);
        transients.stream(direction, 1);
        connection.streams.add(stream);
        connection.touched(clock.getAsLong());
        return stream;
      }
    }
    throw refuse(peer.peer, null, full.name, Refusal.What.STREAM, direction);
  }

  private @Nullable Scope fullOf(PeerScope peer, Direction direction) {
    if (!peer.total.fitsStream(direction)) {
      return peer.total;
    }
    if (!system.fitsStream(direction)) {
      return system;
    }
    return transients.fitsStream(direction) ? null : transients;
  }

  void name(StreamScope stream, String protocol) throws LimitReachedException {
    Direction direction = stream.direction();
    PeerScope peer;
    Scope full;
    synchronized (lock) {
      if (!stream.connection().streams.contains(stream)) {
        return;
      }
      if (stream.protocol != null) {
        throw new IllegalStateException("the stream has a protocol already");
      }
      peer = peerOf(stream);
      Scope ofPeer = scope(peer.protocols, "peer and protocol " + protocol, protocol, true);
      Scope ofAll = scope(protocols, "protocol " + protocol, protocol, false);
      full = !ofPeer.fitsStream(direction) ? ofPeer : !ofAll.fitsStream(direction) ? ofAll : null;
      if (full == null) {
        ofPeer.stream(direction, 1);
        ofAll.stream(direction, 1);
        transients.stream(direction, -1);
        stream.protocol = protocol;
        return;
      }
      dropUnused(peer.protocols, protocol);
      dropUnused(protocols, protocol);
    }
    throw refuse(peer.peer, null, full.name, Refusal.What.STREAM, direction);
  }

  private Scope scope(Map<String, Scope> scopes, String name, String protocol, boolean ofPeer) {
    return scopes.computeIfAbsent(
        protocol, _ -> new Scope(name, ofPeer ? limits.protocolPeer() : limits.protocol()));
  }

  private static void dropUnused(Map<String, Scope> scopes, String protocol) {
    scopes.computeIfPresent(protocol, (_, scope) -> scope.unused() ? null : scope);
  }

  void release(StreamScope stream) {
    synchronized (lock) {
      ConnectionScope connection = stream.connection();
      if (connection.streams.remove(stream)) {
        giveBack(stream);
        connection.touched(clock.getAsLong());
      }
    }
  }

  private static PeerScope peerOf(StreamScope stream) {
    PeerScope peer = stream.connection().peer;
    if (peer == null) {
      throw new IllegalStateException("a stream that counts is of a peer");
    }
    return peer;
  }

  private void giveBack(StreamScope stream) {
    Direction direction = stream.direction();
    PeerScope peer = peerOf(stream);
    peer.total.stream(direction, -1);
    system.stream(direction, -1);
    String protocol = stream.protocol;
    if (protocol == null) {
      transients.stream(direction, -1);
      return;
    }
    for (Map<String, Scope> scopes : List.of(peer.protocols, protocols)) {
      Scope scope = scopes.get(protocol);
      if (scope == null) {
        throw new IllegalStateException("no count of " + protocol);
      }
      scope.stream(direction, -1);
      dropUnused(scopes, protocol);
    }
  }

  private LimitReachedException refuse(
      @Nullable PeerId peer,
      @Nullable Subnet subnet,
      String scope,
      Refusal.What what,
      Direction direction) {
    Refusal refusal =
        new Refusal(Optional.ofNullable(peer), Optional.ofNullable(subnet), scope, what, direction);
    refused.accept(refusal);
    return new LimitReachedException(refusal);
  }

  /** The bounds. */
  public ResourceLimits limits() {
    return limits;
  }

  /** What is in use in all. */
  public Usage usage() {
    synchronized (lock) {
      return usage(system, memory);
    }
  }

  /** What handshakes, and streams without a protocol, use. */
  public Usage transientUsage() {
    synchronized (lock) {
      return transients.usage(0, 0, 0);
    }
  }

  /** What one peer uses. */
  public Usage usage(PeerId peer) {
    synchronized (lock) {
      PeerScope scope = peers.get(peer);
      return scope == null ? Usage.NONE : usage(scope.total, scope.memory);
    }
  }

  private static Usage usage(Scope scope, Accounts memory) {
    return scope.usage(memory.received().used(), memory.growth().used(), memory.sending().used());
  }

  /** How many scopes of peers, protocols and subnets there are. */
  public int scopes() {
    synchronized (lock) {
      int ofPeers = peers.values().stream().mapToInt(peer -> 1 + peer.protocols.size()).sum();
      return ofPeers + protocols.size() + subnets.size();
    }
  }
}
