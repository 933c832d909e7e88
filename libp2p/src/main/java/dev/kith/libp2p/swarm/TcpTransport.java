package dev.kith.libp2p.swarm;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.ConnectionScope;
import dev.kith.libp2p.transport.EventLoops;
import dev.kith.libp2p.transport.Gate;
import dev.kith.libp2p.transport.LocalAddresses;
import dev.kith.libp2p.transport.MuxedConnection;
import dev.kith.libp2p.transport.Transport;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TCP, bare or under WebSocket: each socket is secured and muxed by the upgrader. */
final class TcpTransport implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(TcpTransport.class);

  private final SocketLayer layer;
  private final SwarmLimits limits;
  private final Upgrader upgrader;
  private final EventLoops loops;
  private final Executor threads;
  private final Gate gate;
  private final Acceptor acceptor;

  /**
   * @param threads runs each task on a virtual thread
   */
  TcpTransport(
      SocketLayer layer,
      SwarmLimits limits,
      Upgrader upgrader,
      EventLoops loops,
      Executor threads,
      Gate gate,
      Acceptor acceptor) {
    this.layer = layer;
    this.limits = limits;
    this.upgrader = upgrader;
    this.loops = loops;
    this.threads = threads;
    this.gate = gate;
    this.acceptor = acceptor;
  }

  @Override
  public boolean dials(Multiaddr address) {
    return layer.address(address).filter(a -> !a.isUnresolved()).isPresent();
  }

  @Override
  public boolean listensOn(Multiaddr address) {
    return dials(address);
  }

  // ---- listening ----

  @Override
  public List<Multiaddr> listen(Multiaddr address) throws IOException, InterruptedException {
    layer.requireListening();
    ChannelFuture bound = bind(address);
    if (!bound.isSuccess()) {
      throw (BindException)
          new BindException("cannot listen on " + address + ": " + failure(bound.cause()))
              .initCause(bound.cause());
    }
    List<Multiaddr> addresses = new ArrayList<>();
    InetSocketAddress local = (InetSocketAddress) bound.channel().localAddress();
    for (InetAddress ip : LocalAddresses.of(local.getAddress())) {
      addresses.add(layer.address(new InetSocketAddress(ip, local.getPort())));
    }
    return addresses;
  }

  /** A socket that is bound for a caller who was interrupted is closed again. */
  private ChannelFuture bind(Multiaddr address) throws InterruptedException {
    ChannelFuture binding = loops.listener(this::accept).bind(target(address));
    boolean waited = false;
    try {
      binding.await();
      waited = true;
      return binding;
    } finally {
      if (!waited) {
        binding.addListener(_ -> close(binding.channel()));
      }
    }
  }

  /** On the event loop. */
  private void accept(Channel channel) {
    Multiaddr remote;
    ConnectionScope scope;
    try {
      if (!(channel.remoteAddress() instanceof InetSocketAddress address)) {
        throw new IOException("the remote has left already");
      }
      remote = layer.address(address);
      scope = gate.accepted(remote);
    } catch (IOException e) {
      LOG.debug("a connection is refused: {}", e.getMessage());
      var _ = channel.close();
      return;
    }
    channel.closeFuture().addListener(_ -> scope.close());
    Duration timeout = limits.handshakeTimeout();
    Wire wire = new Wire(System.nanoTime() + timeout.toNanos());
    channel.pipeline().addLast(wire);
    // Nobody reads the wire, and so heeds its deadline, before the layer is ready.
    Future<?> deadline =
        channel.eventLoop().schedule(() -> close(channel), timeout.toNanos(), TimeUnit.NANOSECONDS);
    channel.closeFuture().addListener(_ -> deadline.cancel(false));
    layer.accept(
        channel.pipeline(),
        timeout,
        () -> {
          deadline.cancel(false);
          threads.execute(() -> upgradeInbound(wire, remote, scope));
        });
  }

  private static void close(Channel channel) {
    var _ = channel.close();
  }

  private void upgradeInbound(Wire wire, Multiaddr remote, ConnectionScope scope) {
    boolean done = false;
    try {
      Upgrader.Upgraded upgraded = upgrader.accept(wire, peer -> gate.secured(scope, peer, remote));
      acceptor.accept(connection(upgraded, remote, scope));
      done = true;
    } catch (IOException e) {
      LOG.debug("handshake from {} failed: {}", remote, e.toString());
    } finally {
      if (!done) {
        close(wire.channel());
      }
    }
  }

  // ---- dialling ----

  @Override
  public MuxedConnection dial(PeerId peer, Multiaddr address, long deadline)
      throws IOException, InterruptedException {
    ConnectionScope scope = gate.dialling(peer, address);
    long left = Math.max(1, deadline - System.nanoTime());
    long handshakeEnd = Math.min(deadline, System.nanoTime() + limits.handshakeTimeout().toNanos());
    Wire wire = new Wire(handshakeEnd);
    InetSocketAddress target = target(address);
    Duration timeout = Duration.ofNanos(handshakeEnd - System.nanoTime());
    CountDownLatch ready = new CountDownLatch(1);
    ChannelFuture connect =
        loops
            .dialler(
                Duration.ofNanos(left),
                channel -> {
                  channel.pipeline().addLast(wire);
                  layer.dial(channel.pipeline(), address, timeout, ready::countDown);
                  channel.closeFuture().addListener(_ -> ready.countDown());
                })
            .connect(target);
    boolean done = false;
    try {
      if (!connect.await(left, TimeUnit.NANOSECONDS)) {
        throw new SocketTimeoutException("no answer");
      }
      if (!connect.isSuccess()) {
        throw new IOException(failure(connect.cause()), connect.cause());
      }
      if (!ready.await(handshakeEnd - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new SocketTimeoutException("no answer to the handshake of " + layer.transport());
      }
      Upgrader.Upgraded upgraded =
          upgrader.dial(wire, peer, known -> gate.secured(scope, known, address));
      connect.channel().closeFuture().addListener(_ -> scope.close());
      MuxedConnection connection = connection(upgraded, address, scope);
      done = true;
      return connection;
    } finally {
      if (!done) {
        scope.close();
        connect.cancel(false);
        var _ = connect.channel().close();
      }
    }
  }

  private InetSocketAddress target(Multiaddr address) {
    return layer
        .address(address)
        .orElseThrow(() -> new IllegalArgumentException("not IP and TCP: " + address));
  }

  private static String failure(@Nullable Throwable cause) {
    return cause == null ? "cancelled" : String.valueOf(cause.getMessage());
  }

  private MuxedConnection connection(
      Upgrader.Upgraded upgraded, Multiaddr remote, ConnectionScope scope) {
    Multiaddr local = layer.address((InetSocketAddress) upgraded.wire().channel().localAddress());
    return new YamuxConnection(layer.transport(), limits, upgraded, remote, local, scope);
  }

  @Override
  public void close() {
    upgrader.close();
  }
}
