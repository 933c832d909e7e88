package dev.kith.libp2p.memory;

import dev.kith.libp2p.host.AbstractHost;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.DialTargets;
import dev.kith.libp2p.host.HostPolicy;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identify.Identify;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.peerstore.MemoryPeerStore;
import dev.kith.libp2p.ping.Ping;
import dev.kith.libp2p.resource.ConnectionScope;
import dev.kith.libp2p.resource.Direction;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A host of a {@link MemoryNetwork}. */
final class MemoryHost extends AbstractHost {
  private final MemoryNetwork network;
  private final List<Multiaddr> addresses;
  private final Identify identify =
      new Identify(key().publicKey(), this::introduce, this::introduced);

  MemoryHost(MemoryNetwork network, PrivateKey key, HostPolicy policy, List<Multiaddr> addresses) {
    super(key, policy, new MemoryPeerStore(InstantSource.system()));
    this.network = network;
    this.addresses = List.copyOf(addresses);
    serve(Ping.PROTOCOL, Ping::serve);
    serve(Identify.PROTOCOL, identify::serve);
    serve(Identify.PUSH_PROTOCOL, identify::servePush);
  }

  private PeerInfo introduce(Connection to) {
    return new PeerInfo(
        "kith",
        "kith/memory",
        addresses,
        List.copyOf(protocols(to.remotePeer())),
        Optional.of(to.remoteAddress()),
        signedRecord());
  }

  @Override
  public List<Multiaddr> observedAddresses() {
    return identify.observed();
  }

  @Override
  public List<Multiaddr> advertisedAddresses() {
    return addresses;
  }

  @Override
  protected void protocolsChanged() {
    if (!connections().isEmpty()) {
      execute(() -> identify.push(connections()));
    }
  }

  @Override
  public List<Multiaddr> listenAddresses() {
    return addresses;
  }

  @Override
  protected Connection dial(PeerId peer, DialTargets targets, Duration timeout) throws IOException {
    List<Multiaddr> all = new ArrayList<>(targets.given());
    all.addAll(targets.known());
    all.addAll(targets.heard());
    return network.join(this, peer, all);
  }

  /** What a connection to another host takes, at this end. */
  ConnectionScope room(Direction direction, PeerId peer, Multiaddr remote) throws IOException {
    ConnectionScope scope =
        direction == Direction.OUTBOUND ? dialling(peer, remote) : accepted(remote);
    boolean done = false;
    try {
      secured(scope, peer, remote);
      done = true;
      return scope;
    } finally {
      if (!done) {
        scope.close();
      }
    }
  }

  void joined(MemoryConnection connection, ConnectionScope scope) throws IOException {
    opened(connection, scope);
    execute(() -> identify.ask(connection));
  }

  void left(MemoryConnection connection) {
    if (closed(connection)) {
      identify.forget(connection.remotePeer());
    }
  }

  boolean serves(PeerId peer, String protocol) {
    return accepts(peer, protocol);
  }

  void accept(Stream stream) {
    serve(stream);
  }

  @Override
  public void close() {
    network.remove(this);
    super.close();
  }
}
