package dev.kith.libp2p.swarm;

import dev.kith.libp2p.dial.DialBackoff;
import dev.kith.libp2p.dns.NameResolver;
import dev.kith.libp2p.dns.SystemDns;
import dev.kith.libp2p.host.AbstractHost;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.DialTargets;
import dev.kith.libp2p.host.HostPolicy;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.host.PeerStore;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.StreamHandler;
import dev.kith.libp2p.identify.Identify;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.ping.Ping;
import dev.kith.libp2p.quic.QuicLimits;
import dev.kith.libp2p.quic.QuicTransport;
import dev.kith.libp2p.resource.ConnectionScope;
import dev.kith.libp2p.transport.EventLoops;
import dev.kith.libp2p.transport.Gate;
import dev.kith.libp2p.transport.LocalAddresses;
import dev.kith.libp2p.transport.MuxedConnection;
import dev.kith.libp2p.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The host over sockets: one identity and one set of protocols on several transports. */
final class SwarmHost extends AbstractHost {
  private static final String PROTOCOL_VERSION = "kith/1";

  /** Peers are told of new addresses no oftener. */
  private static final Duration ADVERTISE_EACH = Duration.ofMinutes(1);

  private final SwarmLimits limits;
  private final String agentVersion;
  private final EventLoops loops = new EventLoops();
  private final LoopThreads loopThreads = new LoopThreads();
  private final List<Transport> transports;
  private final PeerDialler dialler;
  private final Identify identify;
  private volatile List<Multiaddr> listenAddresses = List.of();
  private final Object advertising = new Object();

  // Guarded by advertising: what peers were told last, and when by System.nanoTime, 0 for never.
  private List<Multiaddr> advertised = List.of();
  private long lastAdvertised;

  private volatile boolean closed;

  private SwarmHost(
      PrivateKey key,
      HostPolicy policy,
      PeerStore addressBook,
      SwarmLimits limits,
      QuicLimits quic,
      String agentVersion,
      Upgrader upgrader,
      SocketLayer secureWebSocket) {
    super(key, policy, addressBook);
    this.limits = limits;
    this.agentVersion = agentVersion;
    Gate gate = new HostGate();
    List<Transport> made = new ArrayList<>();
    made.add(new QuicTransport(key, quic, loops, this::execute, gate, this::register));
    for (SocketLayer layer : List.of(PlainLayer.NONE, PlainLayer.WEB_SOCKET, secureWebSocket)) {
      made.add(
          new TcpTransport(layer, limits, upgrader, loops, this::execute, gate, this::register));
    }
    this.transports = List.copyOf(made);
    this.dialler =
        new PeerDialler(
            transports,
            new NameResolver(new SystemDns()),
            new DialBackoff(InstantSource.system()),
            LocalAddresses::hasIp6);
    this.identify = new Identify(key.publicKey(), this::introduce, this::identified);
    serve(Ping.PROTOCOL, StreamHandler.streaming(Ping::serve));
    serve(Identify.PROTOCOL, identify::serve);
    serve(Identify.PUSH_PROTOCOL, identify::servePush);
  }

  static SwarmHost start(
      PrivateKey key,
      HostPolicy policy,
      PeerStore addressBook,
      SwarmLimits limits,
      QuicLimits quic,
      String agentVersion,
      Upgrader upgrader,
      SocketLayer secureWebSocket,
      List<Multiaddr> listen)
      throws IOException, InterruptedException {
    SwarmHost host =
        new SwarmHost(
            key, policy, addressBook, limits, quic, agentVersion, upgrader, secureWebSocket);
    boolean started = false;
    try {
      for (Multiaddr address : listen) {
        host.listen(address);
      }
      started = true;
      return host;
    } finally {
      if (!started) {
        host.close();
      }
    }
  }

  private void listen(Multiaddr address) throws IOException, InterruptedException {
    Transport transport =
        transports.stream()
            .filter(t -> t.listensOn(address))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("listen: no transport for " + address));
    List<Multiaddr> addresses = new ArrayList<>(listenAddresses);
    addresses.addAll(transport.listen(address));
    listenAddresses = List.copyOf(addresses);
    synchronized (advertising) {
      advertised = listenAddresses;
    }
  }

  // ---- dialling ----

  @Override
  protected Connection dial(PeerId peer, DialTargets targets, Duration timeout)
      throws IOException, InterruptedException {
    if (closed) {
      throw new IOException("the host is closed");
    }
    return register(dialler.dial(peer, targets, timeout));
  }

  // ---- connections ----

  private SwarmConnection register(MuxedConnection muxed) throws IOException {
    SwarmConnection connection =
        new SwarmConnection(new Owner(), limits, muxed, loopThreads.on(muxed.eventLoop()));
    boolean done = false;
    try {
      if (closed) {
        throw new IOException("the host is closed");
      }
      opened(connection, muxed.scope());
      done = true;
    } finally {
      if (!done) {
        PeerDialler.discard(muxed);
      }
    }
    connection.start();
    execute(() -> identify.ask(connection));
    if (closed) {
      connection.close();
    }
    return connection;
  }

  /** What transports ask on a connection's way in. */
  private final class HostGate implements Gate {
    @Override
    public ConnectionScope accepted(Multiaddr remote) throws IOException {
      if (closed) {
        throw new IOException("the host is closed");
      }
      return SwarmHost.this.accepted(remote);
    }

    @Override
    public ConnectionScope dialling(PeerId peer, Multiaddr address) throws IOException {
      return SwarmHost.this.dialling(peer, address);
    }

    @Override
    public void secured(ConnectionScope scope, PeerId peer, Multiaddr remote) throws IOException {
      SwarmHost.this.secured(scope, peer, remote);
    }

    @Override
    public boolean crowded() {
      return handshakes() >= Math.max(1, handshakesMax() / 4);
    }

    @Override
    public boolean full() {
      return handshakes() >= handshakesMax();
    }
  }

  /** What connections may ask of their host. */
  private final class Owner implements SwarmConnection.Owner {
    @Override
    public Predicate<String> servedTo(PeerId peer) {
      return protocol -> accepts(peer, protocol);
    }

    @Override
    public void handle(Stream stream, Runnable done) {
      serveOnLoop(stream, done);
    }

    @Override
    public void ended(SwarmConnection connection) {
      if (SwarmHost.this.closed(connection)) {
        identify.forget(connection.remotePeer());
      }
    }
  }

  private PeerInfo introduce(Connection to) {
    return new PeerInfo(
        PROTOCOL_VERSION,
        agentVersion,
        advertisedAddresses(),
        List.copyOf(protocols(to.remotePeer())),
        Optional.of(to.remoteAddress()),
        signedRecord());
  }

  /** What a peer says may tell this host where it is, which others want to know, too. */
  private void identified(Connection connection, PeerInfo info) {
    introduced(connection, info);
    List<Multiaddr> told = advertisedAddresses();
    long now = System.nanoTime();
    synchronized (advertising) {
      if (told.equals(advertised)
          || (lastAdvertised != 0 && now - lastAdvertised < ADVERTISE_EACH.toNanos())) {
        return;
      }
      advertised = told;
      lastAdvertised = now;
    }
    protocolsChanged();
  }

  @Override
  public List<Multiaddr> advertisedAddresses() {
    return AdvertisedAddresses.of(listenAddresses, identify.observed());
  }

  @Override
  public List<Multiaddr> observedAddresses() {
    return identify.observed();
  }

  @Override
  protected void protocolsChanged() {
    if (!connections().isEmpty()) {
      execute(() -> identify.push(connections()));
    }
  }

  @Override
  public List<Multiaddr> listenAddresses() {
    return listenAddresses;
  }

  @Override
  public void close() {
    closed = true;
    connections().forEach(Connection::close);
    loops.closeSockets();
    super.close();
    loopThreads.close();
    loops.close();
    transports.forEach(Transport::close);
  }
}
