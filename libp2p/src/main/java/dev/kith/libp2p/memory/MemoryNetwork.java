package dev.kith.libp2p.memory;

import dev.kith.libp2p.host.AdmissionPolicy;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostPolicy;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network of hosts within this process, whose links and hosts can be made to fail. Thread-safe.
 *
 * <p>Hosts listen at {@code /memory/N}, or at whatever address they are given: code that looks at
 * IP addresses can be tested without sockets.
 */
public final class MemoryNetwork implements AutoCloseable {
  private final Map<PeerId, MemoryHost> hosts = new LinkedHashMap<>();
  private final Map<Multiaddr, MemoryHost> byAddress = new HashMap<>();
  private final Set<PeerId> stopped = new HashSet<>();
  private final Set<Set<PeerId>> cut = new HashSet<>();
  private long count;

  /** A new host, reachable at once, that admits everybody; no addresses mean {@code /memory/N}. */
  public Host host(PrivateKey key, Multiaddr... addresses) {
    return host(key, HostPolicy.OPEN, addresses);
  }

  /** As above, with an admission policy. */
  public Host host(PrivateKey key, AdmissionPolicy admission, Multiaddr... addresses) {
    return host(key, HostPolicy.OPEN.withAdmission(admission), addresses);
  }

  /** As above, with a policy. */
  public synchronized Host host(PrivateKey key, HostPolicy policy, Multiaddr... addresses) {
    List<Multiaddr> listen =
        addresses.length > 0 ? List.of(addresses) : List.of(Multiaddr.parse("/memory/" + ++count));
    MemoryHost host = new MemoryHost(this, key, policy, listen);
    if (hosts.containsKey(host.id())) {
      throw new IllegalArgumentException("key: a host with it exists");
    }
    for (Multiaddr address : listen) {
      if (byAddress.putIfAbsent(address, host) != null) {
        throw new IllegalArgumentException("addresses: taken: " + address);
      }
    }
    hosts.put(host.id(), host);
    return host;
  }

  /** Cuts the link between two peers: their connections close, and dials fail. */
  public void disconnect(PeerId a, PeerId b) {
    synchronized (this) {
      cut.add(Set.of(a, b));
    }
    closeConnections(a, b);
  }

  /** Mends the link; the hosts must dial again. */
  public synchronized void reconnect(PeerId a, PeerId b) {
    cut.remove(Set.of(a, b));
  }

  /**
   * Takes a peer off the network as if its machine had lost power: its connections close, and
   * nobody can dial it, nor it anybody. Its handlers stay, for {@link #start}.
   */
  public void stop(PeerId peer) {
    List<Connection> open;
    synchronized (this) {
      stopped.add(peer);
      MemoryHost host = hosts.get(peer);
      open = host == null ? List.of() : host.connections();
    }
    open.forEach(Connection::close);
  }

  /** Puts a stopped peer back. */
  public synchronized void start(PeerId peer) {
    stopped.remove(peer);
  }

  private void closeConnections(PeerId a, PeerId b) {
    MemoryHost host;
    synchronized (this) {
      host = hosts.get(a);
    }
    if (host != null) {
      host.connections().stream().filter(c -> c.remotePeer().equals(b)).forEach(Connection::close);
    }
  }

  /** Connects a host to a peer; under the lock, so that no failure falls between check and join. */
  synchronized MemoryConnection join(MemoryHost dialler, PeerId peer, List<Multiaddr> addresses)
      throws IOException {
    if (stopped.contains(dialler.id()) || !hosts.containsKey(dialler.id())) {
      throw new IOException("this peer is off the network");
    }
    for (Multiaddr address : addresses) {
      MemoryHost listener = byAddress.get(address);
      if (listener != null
          && listener.id().equals(peer)
          && !stopped.contains(peer)
          && !cut.contains(Set.of(dialler.id(), peer))) {
        return MemoryConnection.join(dialler, listener, address);
      }
    }
    throw new IOException("no connection to " + peer + " at " + addresses);
  }

  synchronized void remove(MemoryHost host) {
    hosts.remove(host.id(), host);
    byAddress.values().removeIf(h -> h == host);
  }

  /** Closes every host. */
  @Override
  public void close() {
    List<MemoryHost> all;
    synchronized (this) {
      all = List.copyOf(hosts.values());
    }
    all.forEach(Host::close);
  }
}
