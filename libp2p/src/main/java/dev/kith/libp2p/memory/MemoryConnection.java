package dev.kith.libp2p.memory;

import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.ConnectionState;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.UnsupportedProtocolException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PublicKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.resource.ConnectionScope;
import dev.kith.libp2p.resource.Direction;
import dev.kith.libp2p.resource.StreamScope;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One end of a connection between two hosts of a network; the ends know each other. */
final class MemoryConnection implements Connection {
  /** Streams that one end may have open, as many as a yamux session takes. */
  static final int STREAMS_MAX = 512;

  private final MemoryHost local;
  private final MemoryHost remote;
  private final ConnectionScope scope;
  private @Nullable MemoryConnection other;

  /** Guarded by itself. */
  private final Set<MemoryStream> streams = new HashSet<>();

  private volatile boolean open = true;

  private MemoryConnection(MemoryHost local, MemoryHost remote, ConnectionScope scope) {
    this.local = local;
    this.remote = remote;
    this.scope = scope;
  }

  /** Joins two hosts and returns the dialler's end; both hosts know their ends by then. */
  static MemoryConnection join(MemoryHost dialler, MemoryHost listener, Multiaddr address)
      throws IOException {
    Multiaddr back = dialler.listenAddresses().getFirst();
    ConnectionScope there = dialler.room(Direction.OUTBOUND, listener.id(), address);
    ConnectionScope here;
    try {
      here = listener.room(Direction.INBOUND, dialler.id(), back);
    } catch (IOException e) {
      there.close();
      throw e;
    }
    MemoryConnection near = new MemoryConnection(dialler, listener, there);
    MemoryConnection far = new MemoryConnection(listener, dialler, here);
    near.other = far;
    far.other = near;
    boolean done = false;
    try {
      listener.joined(far, here);
      dialler.joined(near, there);
      done = true;
      return near;
    } finally {
      if (!done) {
        near.close();
        there.close();
        here.close();
      }
    }
  }

  @Override
  public PeerId remotePeer() {
    return remote.id();
  }

  @Override
  public ConnectionState state() {
    return new ConnectionState("memory", "", "", false);
  }

  @Override
  public PublicKey remoteKey() {
    return remote.key().publicKey();
  }

  @Override
  public Multiaddr remoteAddress() {
    return remote.listenAddresses().getFirst();
  }

  @Override
  public Multiaddr localAddress() {
    return local.listenAddresses().getFirst();
  }

  @Override
  public boolean outbound() {
    return scope.direction() == Direction.OUTBOUND;
  }

  @Override
  public boolean open() {
    return open;
  }

  @Override
  public Stream openStream(Duration timeout, String... protocols)
      throws IOException, InterruptedException {
    for (String protocol : protocols) {
      if (remote.serves(local.id(), protocol)) {
        return openAccepted(protocol);
      }
    }
    if (!open) {
      throw new IOException("the connection is closed");
    }
    throw new UnsupportedProtocolException(remotePeer() + " serves none of " + List.of(protocols));
  }

  private MemoryStream openAccepted(String protocol) throws IOException {
    MemoryConnection far = far();
    StreamScope near = scope.stream(Direction.OUTBOUND);
    boolean done = false;
    StreamScope there;
    try {
      near.protocol(protocol);
      there = far.scope.stream(Direction.INBOUND);
      done = true;
    } finally {
      if (!done) {
        near.close();
      }
    }
    MemoryStream stream = MemoryStream.between(this, near, far, there, protocol);
    done = false;
    try {
      there.protocol(protocol);
      far.add(stream.other());
      add(stream);
      done = true;
    } finally {
      if (!done) {
        stream.reset();
        stream.other().reset();
      }
    }
    remote.accept(stream.other());
    return stream;
  }

  private void add(MemoryStream stream) throws IOException {
    synchronized (streams) {
      if (!open) {
        throw new IOException("the connection is closed");
      }
      if (streams.size() >= STREAMS_MAX) {
        throw new IOException("the connection has " + STREAMS_MAX + " streams already");
      }
      streams.add(stream);
    }
  }

  void forget(MemoryStream stream) {
    synchronized (streams) {
      streams.remove(stream);
    }
  }

  @Override
  public void close() {
    end();
    far().end();
  }

  private void end() {
    List<MemoryStream> ended;
    synchronized (streams) {
      if (!open) {
        return;
      }
      open = false;
      ended = List.copyOf(streams);
    }
    ended.forEach(stream -> stream.end("the connection was closed"));
    local.left(this);
  }

  private MemoryConnection far() {
    if (other == null) {
      throw new IllegalStateException("a connection has two ends");
    }
    return other;
  }
}
