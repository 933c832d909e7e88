package dev.kith.dht.kad;

import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.HostListener;
import dev.kith.libp2p.host.PeerInfo;
import dev.kith.libp2p.host.UnsupportedProtocolException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * The routing table behind a lock, fed by what happens: peers introduce themselves, answer, fail.
 * It sends the pings that the table asks for. Thread-safe.
 */
final class Contacts implements HostListener, Responder.Neighbours {
  /** Pings under way at once; when all are taken, the newcomer just waits. */
  static final int PROBES_MAX = 16;

  private final Host host;
  private final KademliaConfig config;
  private final KadClient client;
  private final Clock clock;
  private final RoutingTable table;
  private final Semaphore probes = new Semaphore(PROBES_MAX);

  Contacts(Host host, KademliaConfig config, KadClient client, Clock clock) {
    this.host = host;
    this.config = config;
    this.client = client;
    this.clock = clock;
    this.table = new RoutingTable(host.id(), RoutingTable.Limits.of(config.bucketSize()));
  }

  /** Only what a peer says of itself, on a connection that proves who it is, lets it in. */
  @Override
  public void identified(PeerId peer, PeerInfo info) {
    if (info.protocols().contains(config.protocol())) {
      offer(new Contact(peer, addresses(peer, info.listenAddresses())));
    } else {
      synchronized (table) {
        table.remove(peer, clock.instant());
      }
    }
  }

  /** A peer answered a request of ours, so it serves the protocol. */
  void answered(Contact peer) {
    offer(new Contact(peer.id(), addresses(peer.id(), peer.addresses())));
  }

  /** A request to a peer failed; one that turned out not to serve the protocol goes at once. */
  void failed(PeerId peer, IOException reason) {
    synchronized (table) {
      if (reason instanceof UnsupportedProtocolException) {
        table.remove(peer, clock.instant());
      } else {
        table.failed(peer, clock.instant());
      }
    }
  }

  @Override
  public List<Contact> closest(KeyHash target, int count) {
    synchronized (table) {
      return table.closest(target, count);
    }
  }

  List<Contact> silentSince(Instant before) {
    synchronized (table) {
      return table.silentSince(before);
    }
  }

  List<Contact> all() {
    synchronized (table) {
      return table.contacts();
    }
  }

  int size() {
    synchronized (table) {
      return table.size();
    }
  }

  int deepest() {
    synchronized (table) {
      return table.deepest();
    }
  }

  /** Where a peer is, itself included; empty where nothing is known. */
  Optional<Contact> contact(PeerId peer) {
    List<Multiaddr> addresses =
        peer.equals(host.id()) ? host.advertisedAddresses() : host.addressBook().addresses(peer);
    return addresses.isEmpty() ? Optional.empty() : Optional.of(new Contact(peer, addresses));
  }

  /** Asks a peer for itself; why it did not answer, or empty. Blocks. */
  Optional<IOException> probe(Contact peer, Duration timeout) throws InterruptedException {
    try {
      client.request(peer, new KadRequest.FindNode(peer.id().multihash()), timeout);
      answered(peer);
      return Optional.empty();
    } catch (IOException e) {
      failed(peer.id(), e);
      return Optional.of(e);
    }
  }

  /** Probes them all at once; why those that did not answer failed. Blocks. */
  List<IOException> probeAll(List<Contact> peers, Duration timeout) throws InterruptedException {
    Queue<IOException> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads =
        peers.stream()
            .map(
                peer ->
                    Thread.ofVirtual()
                        .name("kad-probe-" + peer.id())
                        .start(
                            () -> {
                              try {
                                probe(peer, timeout).ifPresent(failures::add);
                              } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                              }
                            }))
            .toList();
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } finally {
      threads.forEach(Thread::interrupt);
    }
    return List.copyOf(failures);
  }

  private void offer(Contact contact) {
    RoutingTable.Offer offer;
    synchronized (table) {
      offer = table.offer(contact, clock.instant());
    }
    switch (offer) {
      case RoutingTable.Offer.Probe(Contact oldest) -> probeAside(oldest);
      case RoutingTable.Offer.Seated(),
          RoutingTable.Offer.Waits(),
          RoutingTable.Offer.Refused() -> {}
    }
  }

  /** Probes one in the background, where not too many are under way already. */
  void probeAside(Contact oldest) {
    if (!probes.tryAcquire()) {
      synchronized (table) {
        table.probeSkipped(oldest.id());
      }
      return;
    }
    Thread.ofVirtual()
        .name("kad-probe-" + oldest.id())
        .start(
            () -> {
              try {
                probe(oldest, config.requestTimeout());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                probes.release();
              }
            });
  }

  /** What the address book holds is proven or newer; what was just said comes after it. */
  private List<Multiaddr> addresses(PeerId peer, List<Multiaddr> said) {
    LinkedHashSet<Multiaddr> all = new LinkedHashSet<>(host.addressBook().addresses(peer));
    said.stream().map(Multiaddr::withoutPeer).forEach(all::add);
    return List.copyOf(all);
  }
}
