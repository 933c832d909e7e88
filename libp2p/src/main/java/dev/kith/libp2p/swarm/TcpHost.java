package dev.kith.libp2p.swarm;

import dev.kith.libp2p.host.AbstractHost;
import dev.kith.libp2p.host.AddressBook;
import dev.kith.libp2p.host.AdmissionPolicy;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.StreamHandler;
import dev.kith.libp2p.identify.Identify;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.ping.Ping;
import dev.kith.libp2p.yamux.ReceiveMemory;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host over TCP. */
final class TcpHost extends AbstractHost {
  private static final Logger LOG = LoggerFactory.getLogger(TcpHost.class);
  private static final String PROTOCOL_VERSION = "kith/1";

  /** Addresses of one peer that are tried in one dial. */
  private static final int ADDRESSES_MAX = 16;

  private final SwarmLimits limits;
  private final String agentVersion;
  private final Upgrader upgrader;
  private final Transport transport = new Transport();
  private final LoopThreads loopThreads = new LoopThreads();
  private final SendMemory sendMemory;
  private final ReceiveMemory receiveMemory = ReceiveMemory.ofHeap();
  private final Identify identify;
  private final AtomicInteger handshakes = new AtomicInteger();
  private volatile List<Multiaddr> listenAddresses = List.of();
  private volatile boolean closed;

  private TcpHost(
      PrivateKey key,
      AdmissionPolicy admission,
      AddressBook addressBook,
      SwarmLimits limits,
      String agentVersion,
      Upgrader upgrader) {
    super(key, admission, addressBook);
    this.limits = limits;
    this.agentVersion = agentVersion;
    this.upgrader = upgrader;
    this.sendMemory = new SendMemory(limits.pendingBytesMax(), limits.pendingBytesTotal());
    this.identify = new Identify(key.publicKey(), this::introduce, this::introduced);
    serve(Ping.PROTOCOL, StreamHandler.streaming(Ping::serve));
    serve(Identify.PROTOCOL, identify::serve);
    serve(Identify.PUSH_PROTOCOL, identify::servePush);
  }

  static TcpHost start(
      PrivateKey key,
      AdmissionPolicy admission,
      AddressBook addressBook,
      SwarmLimits limits,
      String agentVersion,
      Upgrader upgrader,
      List<Multiaddr> listen)
      throws IOException, InterruptedException {
    TcpHost host = new TcpHost(key, admission, addressBook, limits, agentVersion, upgrader);
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

  // ---- listening ----

  private void listen(Multiaddr address) throws IOException, InterruptedException {
    InetSocketAddress target =
        address
            .tcpAddress()
            .filter(a -> !a.isUnresolved())
            .orElseThrow(() -> new IllegalArgumentException("listen: not IP and TCP: " + address));
    ChannelFuture bound = transport.listener(this::accept).bind(target).await();
    if (!bound.isSuccess()) {
      throw (BindException)
          new BindException("cannot listen on " + address + ": " + failure(bound.cause()))
              .initCause(bound.cause());
    }
    List<Multiaddr> addresses = new ArrayList<>(listenAddresses);
    InetSocketAddress local = (InetSocketAddress) bound.channel().localAddress();
    for (InetAddress ip : LocalAddresses.of(local.getAddress())) {
      addresses.add(Multiaddr.ofTcp(new InetSocketAddress(ip, local.getPort())));
    }
    listenAddresses = List.copyOf(addresses);
  }

  /** On the event loop. */
  private void accept(Channel channel) {
    if (closed || handshakes.incrementAndGet() > limits.handshakesMax()) {
      handshakes.decrementAndGet();
      var _ = channel.close();
      return;
    }
    Wire wire = new Wire(System.nanoTime() + limits.handshakeTimeout().toNanos());
    channel.pipeline().addLast(wire);
    execute(
        () -> {
          try {
            upgradeInbound(wire);
          } finally {
            handshakes.decrementAndGet();
          }
        });
  }

  private void upgradeInbound(Wire wire) {
    Channel channel = wire.channel();
    InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
    try {
      register(connection(upgrader.accept(wire), Multiaddr.ofTcp(remote), false));
    } catch (IOException e) {
      LOG.debug("handshake from {} failed: {}", remote, e.toString());
      var _ = channel.close();
    }
  }

  // ---- dialling ----

  @Override
  protected Connection dial(PeerId peer, List<Multiaddr> addresses, Duration timeout)
      throws IOException, InterruptedException {
    if (closed) {
      throw new IOException("the host is closed");
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    List<Multiaddr> dialable =
        addresses.stream().filter(a -> a.tcpAddress().isPresent()).limit(ADDRESSES_MAX).toList();
    if (dialable.isEmpty()) {
      throw new IOException("no address of " + peer + " can be dialled: " + addresses);
    }
    try {
      TcpConnection connection =
          new Dialler<TcpConnection>(
                  address -> attempt(peer, address, deadline), TcpConnection::close)
              .dial(dialable, timeout);
      return register(connection);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException("no connection to " + peer + ": " + e.getMessage(), e);
    }
  }

  private TcpConnection attempt(PeerId peer, Multiaddr address, long deadline)
      throws IOException, InterruptedException {
    InetSocketAddress target = resolve(address);
    long left = Math.max(1, deadline - System.nanoTime());
    long handshakeEnd = Math.min(deadline, System.nanoTime() + limits.handshakeTimeout().toNanos());
    Wire wire = new Wire(handshakeEnd);
    ChannelFuture connect = transport.dialler(wire, Duration.ofNanos(left)).connect(target);
    boolean done = false;
    try {
      if (!connect.await(left, TimeUnit.NANOSECONDS)) {
        throw new SocketTimeoutException("no answer");
      }
      if (!connect.isSuccess()) {
        throw new IOException(failure(connect.cause()), connect.cause());
      }
      TcpConnection connection = connection(upgrader.dial(wire, peer), address, true);
      done = true;
      return connection;
    } finally {
      if (!done) {
        connect.cancel(false);
        var _ = connect.channel().close();
      }
    }
  }

  private static String failure(@Nullable Throwable cause) {
    return cause == null ? "cancelled" : String.valueOf(cause.getMessage());
  }

  private static InetSocketAddress resolve(Multiaddr address) throws IOException {
    InetSocketAddress target = address.tcpAddress().orElseThrow();
    if (!target.isUnresolved()) {
      return target;
    }
    return new InetSocketAddress(LocalAddresses.resolve(address), target.getPort());
  }

  // ---- connections ----

  private TcpConnection connection(Upgrader.Upgraded upgraded, Multiaddr remote, boolean outbound) {
    Multiaddr local = Multiaddr.ofTcp((InetSocketAddress) upgraded.wire().channel().localAddress());
    return new TcpConnection(
        new Owner(),
        limits,
        upgraded,
        remote,
        local,
        outbound,
        loopThreads.on(upgraded.wire().channel().eventLoop()),
        sendMemory,
        receiveMemory);
  }

  private TcpConnection register(TcpConnection connection) throws IOException {
    List<Connection> all = connections();
    long ofPeer = all.stream().filter(c -> c.remotePeer().equals(connection.remotePeer())).count();
    if (closed
        || (!connection.outbound() && all.size() >= limits.connectionsMax())
        || ofPeer >= limits.connectionsPerPeerMax()
        || behind(connection.remotePeer())) {
      connection.close();
      throw new IOException("too many connections, or the host is closed");
    }
    opened(connection);
    connection.start();
    execute(() -> identify.ask(connection));
    if (closed) {
      connection.close();
    }
    return connection;
  }

  /** What connections may ask of their host. */
  private final class Owner implements TcpConnection.Owner {
    @Override
    public Predicate<String> servedTo(PeerId peer) {
      return protocol -> accepts(peer, protocol);
    }

    @Override
    public void handle(Stream stream, Runnable done) {
      serveOnLoop(stream, done);
    }

    @Override
    public void ended(TcpConnection connection) {
      if (TcpHost.this.closed(connection)) {
        identify.forget(connection.remotePeer());
      }
    }
  }

  private PeerInfo introduce(Connection to) {
    return new PeerInfo(
        PROTOCOL_VERSION,
        agentVersion,
        listenAddresses,
        List.copyOf(protocols(to.remotePeer())),
        Optional.of(to.remoteAddress()));
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
    transport.closeSockets();
    super.close();
    loopThreads.close();
    transport.close();
    upgrader.close();
  }
}
