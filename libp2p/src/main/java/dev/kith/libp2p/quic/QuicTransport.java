package dev.kith.libp2p.quic;

import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.ConnectionScope;
import dev.kith.libp2p.tls.QuicTls;
import dev.kith.libp2p.tls.TlsIdentity;
import dev.kith.libp2p.transport.EventLoops;
import dev.kith.libp2p.transport.Gate;
import dev.kith.libp2p.transport.LocalAddresses;
import dev.kith.libp2p.transport.LoopLock;
import dev.kith.libp2p.transport.MuxedConnection;
import dev.kith.libp2p.transport.Transport;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * QUIC over UDP. A socket that listens is dialled from too, where it can reach the remote; else one
 * socket of each IP version is made when it is first needed, and serves all dials from then on.
 * Netty's native library is loaded by the first address, and where it does not load, addresses of
 * this kind are refused with the reason.
 */
public final class QuicTransport implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(QuicTransport.class);

  private final PrivateKey key;
  private final QuicLimits limits;
  private final EventLoops loops;
  private final Executor threads;
  private final Gate gate;
  private final Acceptor acceptor;
  private final SecureRandom random = new SecureRandom();

  /** Guards what is made when it is first needed. */
  private final ReentrantLock lock = new LoopLock();

  private @Nullable QuicTls tls;
  private final List<QuicSocket> listening = new ArrayList<>();
  private final List<QuicSocket> dialling = new ArrayList<>();

  /**
   * @param threads runs each task on a virtual thread
   */
  public QuicTransport(
      PrivateKey key,
      QuicLimits limits,
      EventLoops loops,
      Executor threads,
      Gate gate,
      Acceptor acceptor) {
    this.key = key;
    this.limits = limits;
    this.loops = loops;
    this.threads = threads;
    this.gate = gate;
    this.acceptor = acceptor;
  }

  @Override
  public boolean dials(Multiaddr address) {
    return address.quicAddress().filter(a -> !a.isUnresolved()).isPresent();
  }

  @Override
  public boolean listensOn(Multiaddr address) {
    return dials(address);
  }

  private static InetSocketAddress target(Multiaddr address) {
    return address
        .quicAddress()
        .orElseThrow(() -> new IllegalArgumentException("not IP, UDP and QUIC: " + address));
  }

  /** Under the lock. */
  private QuicTls tls() {
    QuicTls known = tls;
    if (known == null) {
      InstantSource clock = InstantSource.system();
      known = new QuicTls(new TlsIdentity(key, random, clock.instant()), clock);
      tls = known;
    }
    return known;
  }

  // ---- listening ----

  @Override
  public List<Multiaddr> listen(Multiaddr address) throws IOException, InterruptedException {
    if (!QuicTls.available()) {
      throw new IllegalArgumentException(
          "listen: no QUIC on this machine: " + address + ": " + QuicTls.unavailable());
    }
    lock.lockInterruptibly();
    try {
      QuicSocket socket = bind(target(address), "cannot listen on " + address);
      listening.add(socket);
      List<Multiaddr> addresses = new ArrayList<>();
      for (InetAddress ip : LocalAddresses.of(socket.bound().getAddress())) {
        addresses.add(Multiaddr.ofQuic(new InetSocketAddress(ip, socket.bound().getPort())));
      }
      return addresses;
    } finally {
      lock.unlock();
    }
  }

  private QuicSocket bind(InetSocketAddress address, String failure)
      throws BindException, InterruptedException {
    QuicSocket socket = new QuicSocket(limits, tls(), gate, random);
    boolean ip6 = address.getAddress() instanceof Inet6Address;
    ChannelFuture bound =
        loops
            .datagrams(ip6, channel -> socket.install(channel.pipeline(), this::accept))
            .bind(address)
            .await();
    if (!bound.isSuccess()) {
      throw (BindException)
          new BindException(failure + ": " + message(bound.cause())).initCause(bound.cause());
    }
    socket.opened(bound.channel());
    return socket;
  }

  private static String message(@Nullable Throwable cause) {
    return cause == null ? "cancelled" : String.valueOf(cause.getMessage());
  }

  /** On the event loop. */
  private void accept(QuicConnection connection) {
    threads.execute(
        () -> {
          try {
            acceptor.accept(connection);
          } catch (IOException e) {
            LOG.debug("{} is not taken: {}", connection, e.toString());
            connection.close();
          }
        });
  }

  // ---- dialling ----

  @Override
  public MuxedConnection dial(PeerId peer, Multiaddr address, long deadline)
      throws IOException, InterruptedException {
    if (!QuicTls.available()) {
      throw new IOException("no QUIC on this machine: " + QuicTls.unavailable());
    }
    InetSocketAddress target = target(address);
    QuicSocket socket = socketTo(target.getAddress());
    long end = Math.min(deadline, System.nanoTime() + limits.handshakeTimeout().toNanos());
    ConnectionScope scope = gate.dialling(peer, address);
    QuicHandshake handshake = socket.dial(target, peer, scope);
    boolean done = false;
    try {
      QuicConnection connection = handshake.await(end);
      if (connection == null) {
        throw new SocketTimeoutException("no answer");
      }
      done = true;
      return connection;
    } finally {
      if (!done) {
        scope.close();
        handshake.abort();
      }
    }
  }

  private QuicSocket socketTo(InetAddress remote) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      for (QuicSocket socket : listening) {
        if (socket.reaches(remote)) {
          return socket;
        }
      }
      for (QuicSocket socket : dialling) {
        if (socket.reaches(remote)) {
          return socket;
        }
      }
      String any = remote instanceof Inet6Address ? "::" : "0.0.0.0";
      QuicSocket socket = bind(new InetSocketAddress(any, 0), "cannot dial " + remote);
      dialling.add(socket);
      return socket;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing but sockets, which are closed, has to be let go of. */
  @Override
  public void close() {}
}
