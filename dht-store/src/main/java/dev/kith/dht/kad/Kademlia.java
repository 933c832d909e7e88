package dev.kith.dht.kad;

import dev.kith.libp2p.datastore.Datastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.PeerStore;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.tuweni.bytes.Bytes;

/**
 * A peer of a DHT. Thread-safe; what takes a timeout blocks, is meant for virtual threads, and
 * returns what it has when the time is up. Addresses that it learns go into the host's address
 * book.
 *
 * <p>Peers enter the routing table when they introduce themselves (identify) as servers of the
 * protocol, or answer. Keys are any bytes up to 1,024, for providers up to 80 (customarily
 * multihashes); they are placed by their SHA-256.
 */
public final class Kademlia implements AutoCloseable {
  private final Host host;
  private final KademliaConfig config;
  private final Contacts contacts;
  private final LookupRunner lookups;
  private final ContentRouting content;
  private final ValueRouting values;
  private final Maintenance maintenance;
  private final KadServer server;
  private final KadClient client;

  private Kademlia(Host host, KademliaConfig config, Datastore store, Clock clock)
      throws IOException {
    this.host = host;
    this.config = config;
    this.client = new KadClient(host, config.protocol());
    this.contacts = new Contacts(host, config, client, clock);
    this.lookups = new LookupRunner(host.id(), config, client, contacts, clock);
    Validators validators = new Validators(config.validators());
    ProviderStore providerStore =
        new ProviderStore(store, ProviderStore.Limits.of(config.providerLifetime()));
    ValueStore valueStore = new ValueStore(store, validators, ValueStore.Limits.DEFAULT);
    this.content = new ContentRouting(host, config, lookups, client, providerStore, store, clock);
    this.values = new ValueRouting(config, lookups, client, valueStore, validators, clock);
    this.server =
        new KadServer(
            host,
            new Responder(
                host.id(),
                config.bucketSize(),
                contacts,
                contacts::contact,
                providerStore,
                valueStore),
            clock);
    this.maintenance =
        new Maintenance(
            host.id(),
            config,
            contacts,
            lookups,
            content,
            providerStore,
            valueStore,
            store,
            clock,
            new SecureRandom());
  }

  /**
   * Starts to take part: serves the protocol in server mode, listens to whom the host meets, and
   * pings the peers that it knew when it was last closed.
   *
   * @param store keys that begin with {@code kad/} are used; it stays the caller's to close, after
   *     this
   */
  public static Kademlia start(Host host, KademliaConfig config, Datastore store, Clock clock)
      throws IOException {
    Kademlia kademlia = new Kademlia(host, config, store, clock);
    host.listener(kademlia.contacts);
    kademlia.mode(config.mode());
    kademlia.meetConnected();
    kademlia.maintenance.start();
    return kademlia;
  }

  /**
   * Joins through peers that are known from elsewhere, and finds its own neighbourhood. They are
   * remembered, and asked again whenever nobody else is left.
   *
   * @param addresses each with a {@code /p2p} suffix
   * @throws IOException when none of them answered
   */
  public void bootstrap(Collection<Multiaddr> addresses, Duration timeout)
      throws IOException, InterruptedException {
    List<Contact> peers = contactsOf(addresses);
    peers.forEach(p -> host.addressBook().add(p.id(), p.addresses(), PeerStore.CONFIGURED));
    maintenance.bootstrapPeers(peers);
    List<IOException> failures = contacts.probeAll(peers, timeout);
    if (failures.size() == peers.size()) {
      IOException reason =
          failures.isEmpty() ? new IOException("no address was given") : failures.getFirst();
      throw new IOException(
          "none of " + peers.size() + " bootstrap peers answered: " + reason, reason);
    }
    closestPeers(host.id().multihash(), timeout);
    maintenance.refreshSoon();
  }

  /**
   * Where a peer is: found by its own answer, or failing that by what others say of it. Empty where
   * nobody knows.
   */
  public List<Multiaddr> findPeer(PeerId peer, Duration timeout)
      throws IOException, InterruptedException {
    if (peer.equals(host.id())) {
      return host.listenAddresses();
    }
    if (!met(peer)) {
      Bytes key = peer.multihash();
      lookups.run(
          key,
          new KadRequest.FindNode(key),
          timeout,
          (from, response) -> {
            for (Contact named : response.closer()) {
              if (named.id().equals(peer)) {
                host.addressBook().hear(peer, named.addresses(), PeerStore.HEARSAY);
              }
            }
            return !from.id().equals(peer) && !met(peer);
          });
    }
    return host.addressBook().addresses(peer);
  }

  /** Whether it is connected and said where it listens. */
  private boolean met(PeerId peer) {
    return host.connectedTo(peer) && !host.addressBook().addresses(peer).isEmpty();
  }

  /** Up to k live peers nearest to a key, nearest first, without this one. */
  public List<Contact> closestPeers(Bytes key, Duration timeout)
      throws IOException, InterruptedException {
    return lookups.run(key, new KadRequest.FindNode(key), timeout, (from, response) -> true);
  }

  /** The peers of the own routing table nearest to a key. Asks nobody and does not block. */
  public List<Contact> neighbours(Bytes key, int count) {
    return contacts.closest(KeyHash.of(key), count);
  }

  /**
   * Announces that this peer provides a key, now and again until {@link #stopProviding}, also after
   * a restart.
   *
   * @return how many peers were told; where there was none yet, the announcement follows
   * @throws IOException when no other peer is known; the key is remembered all the same
   */
  public int provide(Bytes key, Duration timeout) throws IOException, InterruptedException {
    return content.provide(key, timeout);
  }

  /** Announces a key no longer; entries at other peers expire. */
  public void stopProviding(Bytes key) throws IOException {
    content.stopProviding(key);
  }

  /** Up to {@code count} other peers that say they provide a key; stops when it has so many. */
  public List<Contact> findProviders(Bytes key, int count, Duration timeout)
      throws IOException, InterruptedException {
    return content.find(key, count, timeout);
  }

  /**
   * Stores a value at the k peers nearest to its key. It lives for two days there unless it is put
   * again.
   *
   * @return how many other peers took it
   * @throws IllegalArgumentException when its namespace is unknown or refuses the value
   */
  public int putValue(Bytes key, Bytes value, Duration timeout)
      throws IOException, InterruptedException {
    return values.put(key, value, timeout);
  }

  /** The best valid value that peers hold under a key. */
  public Optional<Bytes> getValue(Bytes key, Duration timeout)
      throws IOException, InterruptedException {
    return values.get(key, timeout);
  }

  /** Changes between serving others and only asking them; identify tells the connected peers. */
  public void mode(KademliaConfig.Mode mode) {
    switch (mode) {
      case SERVER -> host.serve(config.protocol(), server);
      case CLIENT -> host.stopServing(config.protocol());
    }
  }

  public String protocol() {
    return config.protocol();
  }

  /** How many peers the routing table holds. */
  public int size() {
    return contacts.size();
  }

  /** Connections that were open before this started introduced themselves to nobody. */
  private void meetConnected() {
    host.connections().stream()
        .map(c -> c.remotePeer())
        .distinct()
        .forEach(p -> contacts.contact(p).ifPresent(contacts::probeAside));
  }

  private static List<Contact> contactsOf(Collection<Multiaddr> addresses) {
    return addresses.stream()
        .collect(
            Collectors.groupingBy(
                a ->
                    a.peer()
                        .orElseThrow(
                            () -> new IllegalArgumentException("addresses: no /p2p in " + a)),
                Collectors.mapping(Multiaddr::withoutPeer, Collectors.toList())))
        .entrySet()
        .stream()
        .map(e -> new Contact(e.getKey(), e.getValue()))
        .toList();
  }

  /** Stops serving and saves the routing table. The host stays open. */
  @Override
  public void close() {
    host.stopServing(config.protocol());
    maintenance.close();
  }
}
