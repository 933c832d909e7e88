package dev.kith.libp2p.host;

import dev.kith.libp2p.connmgr.Activity;
import dev.kith.libp2p.connmgr.ConnectionManager;
import dev.kith.libp2p.connmgr.TrimmingConnectionManager;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.record.OwnPeerRecord;
import dev.kith.libp2p.resource.ConnectionScope;
import dev.kith.libp2p.resource.Direction;
import dev.kith.libp2p.resource.Refusal;
import dev.kith.libp2p.resource.RefusalLog;
import dev.kith.libp2p.resource.Resources;
import dev.kith.libp2p.resource.Usage;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What hosts have in common whatever carries their bytes: who serves which protocol, which
 * connections are open, one dial at a time for each peer, and threads that serve inbound streams.
 *
 * <p>A transport extends it. A connection's way in is {@link #accepted} or, within {@link #dial},
 * {@link #dialling}; then {@link #secured}, {@link #opened} and {@link #closed}: each step may
 * refuse it before the next is paid for. Inbound streams go to {@link #serve(Stream)}.
 */
public abstract class AbstractHost implements Host {
  private static final Logger LOG = LoggerFactory.getLogger(AbstractHost.class);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

  /** What one refusal for abuse takes of a peer's value, for a while. */
  private static final int ABUSE = 10;

  private static final Duration ABUSE_HALF_LIFE = Duration.ofMinutes(10);

  private final PrivateKey key;
  private final PeerId id;
  private final AdmissionPolicy admission;
  private final AddressPolicy addresses;
  private final ConnectionGater gater;
  private final PeerStore peerStore;
  private final Introductions introductions;
  private final OwnPeerRecord record;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kith-stream-", 0).factory());
  private final StreamServer server = new StreamServer(threads);
  private final PeerEvents events = new PeerEvents(threads);

  private final RefusalLog refusals = new RefusalLog();
  private final Resources resources;
  private final TrimmingConnectionManager manager;
  private final List<EventFeed> feeds = new CopyOnWriteArrayList<>();

  private final OpenConnections connections =
      new OpenConnections(this::announceConnected, this::announceDisconnected);

  private final OneDialEach dials = new OneDialEach();

  protected AbstractHost(PrivateKey key, HostPolicy policy, PeerStore peerStore) {
    this.key = key;
    this.id = key.publicKey().peerId();
    this.admission = policy.admission();
    this.addresses = policy.addresses();
    this.gater = policy.gater();
    this.peerStore = peerStore;
    this.introductions = new Introductions(peerStore);
    this.record = new OwnPeerRecord(key, InstantSource.system());
    this.resources = new Resources(policy.limits(), System::nanoTime, this::refused);
    this.manager =
        new TrimmingConnectionManager(
            policy.marks(),
            System::nanoTime,
            threads,
            peer -> publish(new HostEvent.ConnectionTrimmed(peer)));
  }

  private void refused(Refusal refusal) {
    if (refusal.abuse()) {
      refusal.peer().ifPresent(peer -> manager.bump(peer, "abuse", -ABUSE, ABUSE_HALF_LIFE));
    }
    refusals
        .line(refusal, System.nanoTime())
        .ifPresent(
            line -> {
              LOG.info("{}", line);
              publish(new HostEvent.LimitReached(refusal));
            });
  }

  private void publish(HostEvent event) {
    feeds.forEach(feed -> feed.offer(event));
  }

  // ---- for transports: a connection's way in ----

  /**
   * A socket was accepted. Never blocks.
   *
   * @return the room that it takes, to be closed with it
   * @throws IOException when it is to be closed at once
   */
  protected final ConnectionScope accepted(Multiaddr remote) throws IOException {
    if (!gater.accepts(remote)) {
      throw new GatedException("connections from " + remote + " are not accepted");
    }
    return resources.connection(Direction.INBOUND, remote.ip());
  }

  /** Inbound connections whose peer is not known yet. */
  protected final int handshakes() {
    return resources.transientUsage().connectionsInbound();
  }

  /** How many of them there may be. */
  protected final int handshakesMax() {
    return resources.limits().transients().connectionsInbound();
  }

  /**
   * A socket is about to be made.
   *
   * @param address with its name resolved
   * @return the room that it takes, to be closed with it
   * @throws IOException when it must not be made
   */
  protected final ConnectionScope dialling(PeerId peer, Multiaddr address) throws IOException {
    if (!gater.dialsAddress(peer, address)) {
      throw new GatedException(address + " is not dialled");
    }
    return resources.connection(Direction.OUTBOUND, address.ip());
  }

  /**
   * The handshake is done, and has told who the remote is. To be called before streams are muxed.
   *
   * @throws IOException when the connection is to be closed
   */
  protected final void secured(ConnectionScope scope, PeerId peer, Multiaddr remote)
      throws IOException {
    if (!gater.admitsSecured(scope.direction(), peer, remote)) {
      throw new GatedException(peer + " at " + remote + " is not admitted");
    }
    scope.identify(peer);
  }

  /**
   * Dials a peer. Called on the thread of the caller of {@link #connect}, for one peer one call at
   * a time. The connection that it returns has been reported by {@link #opened}.
   */
  protected abstract Connection dial(PeerId peer, DialTargets targets, Duration timeout)
      throws IOException, InterruptedException;

  /**
   * Reports a connection, before a stream of it is served.
   *
   * @throws IOException when it is to be closed, with its scope
   */
  protected final void opened(Connection connection, ConnectionScope scope) throws IOException {
    PeerId peer = connection.remotePeer();
    if (!gater.admitsUpgraded(connection)) {
      throw new GatedException(peer + " at " + connection.remoteAddress() + " is not admitted");
    }
    if (events.behind(peer)) {
      throw new IOException("listeners have not taken the last news of " + peer + " yet");
    }
    peerStore.addKey(connection.remoteKey());
    long number = manager.admit();
    connections.add(new OpenConnections.Open(connection, scope, number));
    manager.opened(number, peer, connection.outbound(), new Scoped(scope), connection::close);
  }

  private void announceConnected(PeerId peer) {
    peerStore.connected(peer);
    publish(new HostEvent.PeerConnected(peer));
    tell(peer, listener -> listener.connected(peer));
  }

  private void announceDisconnected(PeerId peer) {
    peerStore.disconnected(peer);
    publish(new HostEvent.PeerDisconnected(peer));
    tell(peer, listener -> listener.disconnected(peer));
  }

  private record Scoped(ConnectionScope scope) implements Activity {
    @Override
    public int streams() {
      return scope.streams();
    }

    @Override
    public long activeNanos() {
      return scope.activeNanos();
    }
  }

  /**
   * Reports that a connection is gone, and closes its scope; a second report of it changes nothing.
   *
   * @return whether it was the last one to its peer
   */
  protected final boolean closed(Connection connection) {
    OpenConnections.Removed removed = connections.remove(connection);
    if (removed == null) {
      return false;
    }
    manager.closed(removed.open().number());
    removed.open().scope().close();
    connections.announce();
    return removed.last();
  }

  /** Reports what a peer said of itself, and writes down those addresses that are believed. */
  protected final void introduced(Connection connection, PeerInfo said) {
    PeerId peer = connection.remotePeer();
    PeerInfo info =
        said.withListenAddresses(believed(said.listenAddresses(), connection.remoteAddress()));
    Optional<HostEvent.ProtocolsUpdated> updated = introductions.take(peer, info);
    if (events.behind(peer)) {
      LOG.debug("{} introduces itself faster than listeners take it", peer);
      return;
    }
    publish(new HostEvent.PeerIdentified(peer, info));
    updated.ifPresent(this::publish);
    tell(peer, listener -> listener.identified(peer, info));
  }

  private void tell(PeerId peer, java.util.function.Consumer<HostListener> event) {
    try {
      events.tell(peer, event);
    } catch (RejectedExecutionException e) {
      LOG.debug("closing: an event of {} is not told", peer);
    }
  }

  /** Whether a peer may open a stream of a protocol that is served here. */
  protected final boolean accepts(PeerId peer, String protocol) {
    return server.serves(protocol) && admission.admits(peer, protocol);
  }

  /** This host's addresses under its signature; empty where it has none. */
  protected final Optional<Bytes> signedRecord() {
    List<Multiaddr> told = advertisedAddresses();
    return told.isEmpty() ? Optional.empty() : Optional.of(record.envelope(told));
  }

  /** What a peer may use here. */
  protected final Set<String> protocols(PeerId peer) {
    Set<String> protocols = protocols();
    protocols.removeIf(protocol -> !admission.admits(peer, protocol));
    return protocols;
  }

  /** Serves an inbound stream on a thread of its own, and ends it when its handler returns. */
  protected final void serve(Stream stream) {
    server.serve(stream);
  }

  /**
   * As {@link #serve(Stream)}, for a thread that an event loop carries: it runs the handler itself
   * where that waits only for its stream, and leaves it to another thread where not.
   *
   * @param done called when the handler is done, whoever ran it
   */
  protected final void serveOnLoop(Stream stream, Runnable done) {
    server.serveOnLoop(stream, done);
  }

  /** Runs a task of the transport on a virtual thread; drops it when the host is closing. */
  protected final void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("closing: a task is not run");
    }
  }

  @Override
  public final PeerId id() {
    return id;
  }

  @Override
  public final PrivateKey key() {
    return key;
  }

  @Override
  public final PeerStore addressBook() {
    return peerStore;
  }

  @Override
  public final List<Multiaddr> believed(Collection<Multiaddr> told, Multiaddr teller) {
    return told.stream().filter(address -> addresses.believes(address, teller)).toList();
  }

  @Override
  public final void serve(String protocol, StreamHandler handler) {
    if (server.add(protocol, handler)) {
      protocolsChanged();
    }
  }

  @Override
  public final void stopServing(String protocol) {
    if (server.remove(protocol)) {
      protocolsChanged();
    }
  }

  /** The host serves a protocol more or less than before: peers may be told. Must not block. */
  protected abstract void protocolsChanged();

  @Override
  public final Set<String> protocols() {
    return server.protocols();
  }

  @Override
  public final void listener(HostListener listener) {
    events.add(listener);
  }

  @Override
  public final EventFeed events(int capacity) {
    EventFeed feed = new EventFeed(capacity, feeds::remove);
    feeds.add(feed);
    return feed;
  }

  @Override
  public final ConnectionManager connectionManager() {
    return manager;
  }

  @Override
  public final Usage usage() {
    return resources.usage();
  }

  @Override
  public final Usage usage(PeerId peer) {
    return resources.usage(peer);
  }

  @Override
  public final List<Connection> connections() {
    return connections.all();
  }

  @Override
  public final Connection connect(PeerId peer, Duration timeout)
      throws IOException, InterruptedException {
    return connect(peer, List.of(), timeout);
  }

  @Override
  public final Connection connect(PeerId peer, Collection<Multiaddr> addresses, Duration timeout)
      throws IOException, InterruptedException {
    Optional<Connection> existing = connections.to(peer);
    if (existing.isPresent()) {
      return existing.get();
    }
    if (peer.equals(id)) {
      throw new IOException("this is the peer itself: " + peer);
    }
    if (!gater.dialsPeer(peer)) {
      throw new GatedException(peer + " is not dialled");
    }
    return dials.run(
        peer,
        timeout,
        left -> {
          // Another thread may have dialled while this one waited, or the peer dialled here.
          Optional<Connection> other = connections.to(peer);
          return other.isPresent() ? other.get() : dial(peer, addresses, left);
        });
  }

  private Connection dial(PeerId peer, Collection<Multiaddr> addresses, Duration timeout)
      throws IOException, InterruptedException {
    List<Multiaddr> given = addresses.stream().map(Multiaddr::withoutPeer).distinct().toList();
    Map<Boolean, List<Multiaddr>> others =
        peerStore.addresses(peer).stream()
            .filter(a -> !given.contains(a))
            .collect(Collectors.partitioningBy(a -> peerStore.hearsay(peer, a)));
    List<Multiaddr> known = others.getOrDefault(false, List.of());
    List<Multiaddr> heard = others.getOrDefault(true, List.of());
    if (given.isEmpty() && known.isEmpty() && heard.isEmpty()) {
      throw new IOException("no address is known of " + peer);
    }
    return dial(peer, new DialTargets(given, known, heard), timeout);
  }

  @Override
  public final Stream open(PeerId peer, Duration timeout, String... protocols)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Connection connection = connect(peer, timeout);
    try {
      return connection.openStream(left(peer, deadline), protocols);
    } catch (UnsupportedProtocolException | SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      if (connection.open()) {
        throw e;
      }
      // The connection was found dead only by using it: one more try on a fresh one.
      return connect(peer, left(peer, deadline)).openStream(left(peer, deadline), protocols);
    }
  }

  private static Duration left(PeerId peer, long deadline) throws SocketTimeoutException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("no stream to " + peer + " in time");
    }
    return Duration.ofNanos(left);
  }

  /** Closes connections, then ends the threads that serve their streams. */
  @Override
  public void close() {
    connections().forEach(Connection::close);
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      if (!threads.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a stream handler did not end within {} of the host's close", CLOSE_MAX);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
