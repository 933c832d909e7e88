package dev.kith.libp2p.gater;

import dev.kith.libp2p.host.ConnectionGater;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.multiaddr.Subnet;
import dev.kith.libp2p.resource.Direction;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Refuses peers, IP addresses and subnets that are on its lists: a peer is neither dialled nor
 * admitted after its handshake, an address neither dialled nor accepted from. Connections that
 * stand are not closed by it. Thread-safe; a look-up takes as many steps as there are sizes of
 * subnets.
 */
public final class DenyList implements ConnectionGater {
  /** Entries of each kind. */
  public static final int ENTRIES_MAX = 65_536;

  private final Set<PeerId> peers = ConcurrentHashMap.newKeySet();

  /** By their size, so that an address is looked up once for each size that occurs. */
  private final ConcurrentMap<Integer, Set<Subnet>> subnets = new ConcurrentSkipListMap<>();

  /**
   * Refuses a peer from now on.
   *
   * @throws IllegalArgumentException when the list is full
   */
  public void deny(PeerId peer) {
    checkRoom(peers.size());
    peers.add(peer);
  }

  /**
   * Refuses an address from now on.
   *
   * @throws IllegalArgumentException when the list is full
   */
  public void deny(InetAddress address) {
    deny(exactly(address));
  }

  /**
   * Refuses all addresses of a subnet from now on.
   *
   * @throws IllegalArgumentException when the list is full
   */
  public void deny(Subnet subnet) {
    checkRoom(subnets.values().stream().mapToInt(Set::size).sum());
    subnets.computeIfAbsent(subnet.bits(), _ -> ConcurrentHashMap.newKeySet()).add(subnet);
  }

  private static void checkRoom(int entries) {
    if (entries >= ENTRIES_MAX) {
      throw new IllegalArgumentException("deny: " + entries + " entries are there already");
    }
  }

  /** Takes a peer off the list. */
  public void allow(PeerId peer) {
    peers.remove(peer);
  }

  /** Takes an address off the list; a subnet that it is in stays. */
  public void allow(InetAddress address) {
    allow(exactly(address));
  }

  /** Takes this very subnet off the list. */
  public void allow(Subnet subnet) {
    subnets.getOrDefault(subnet.bits(), Set.of()).remove(subnet);
  }

  /** Whether a peer is on the list. */
  public boolean denies(PeerId peer) {
    return peers.contains(peer);
  }

  /** Whether an address is on the list, or in a subnet that is. */
  public boolean denies(InetAddress address) {
    int bitsMax = 8 * address.getAddress().length;
    for (Map.Entry<Integer, Set<Subnet>> size : subnets.entrySet()) {
      if (size.getKey() <= bitsMax && size.getValue().contains(Subnet.of(address, size.getKey()))) {
        return true;
      }
    }
    return false;
  }

  private static Subnet exactly(InetAddress address) {
    return Subnet.of(address, 8 * address.getAddress().length);
  }

  private boolean denies(Multiaddr address) {
    return address.ip().filter(this::denies).isPresent();
  }

  @Override
  public boolean dialsPeer(PeerId peer) {
    return !denies(peer);
  }

  @Override
  public boolean dialsAddress(PeerId peer, Multiaddr address) {
    return !denies(peer) && !denies(address);
  }

  @Override
  public boolean accepts(Multiaddr remote) {
    return !denies(remote);
  }

  @Override
  public boolean admitsSecured(Direction direction, PeerId peer, Multiaddr remote) {
    return !denies(peer);
  }
}
