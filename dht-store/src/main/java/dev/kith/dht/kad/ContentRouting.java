package dev.kith.dht.kad;

import dev.kith.libp2p.datastore.Datastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.PeerStore;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;

/**
 * Announcing what this peer provides, and finding who provides something. Thread-safe; blocks.
 *
 * <p>The own keys are kept in the datastore, {@code "kad/own/" | key} with the time of the last
 * announcement (i64, milliseconds since 1970, 0 where it reached nobody), so that a restarted peer
 * goes on repeating them.
 */
final class ContentRouting {
  private static final byte[] OWN = "kad/own/".getBytes(StandardCharsets.US_ASCII);

  /** Keys that this peer can provide. */
  static final int OWN_MAX = 1_000_000;

  private final Host host;
  private final KademliaConfig config;
  private final LookupRunner lookups;
  private final KadClient client;
  private final ProviderStore providers;
  private final Datastore store;
  private final Clock clock;
  private int own;

  ContentRouting(
      Host host,
      KademliaConfig config,
      LookupRunner lookups,
      KadClient client,
      ProviderStore providers,
      Datastore store,
      Clock clock)
      throws IOException {
    this.host = host;
    this.config = config;
    this.lookups = lookups;
    this.client = client;
    this.providers = providers;
    this.store = store;
    this.clock = clock;
    store.scan(
        OWN,
        (key, value) -> {
          own++;
          return true;
        });
  }

  /** Announces a key now, and from now on again and again; returns how many peers were told. */
  int provide(Bytes key, Duration timeout) throws IOException, InterruptedException {
    KadRequest request = new KadRequest.AddProvider(key, List.of(self()));
    remember(key);
    return announce(key, request, timeout);
  }

  synchronized void stopProviding(Bytes key) throws IOException {
    if (store.get(place(key)) != null) {
      own--;
      store.write(new Datastore.Batch().delete(place(key)), false);
    }
    providers.remove(key, host.id());
  }

  /** Own keys whose last announcement is older than the interval, at most {@code max} of them. */
  List<Bytes> due(int max) throws IOException {
    long before = clock.instant().minus(config.reprovideInterval()).toEpochMilli();
    List<Bytes> due = new ArrayList<>();
    store.scan(
        OWN,
        (place, value) -> {
          if (value.length != 8 || ByteBuffer.wrap(value).getLong() < before) {
            due.add(Bytes.wrap(place).slice(OWN.length));
          }
          return due.size() < max;
        });
    return due;
  }

  /** Repeats one announcement. */
  int announce(Bytes key, Duration timeout) throws IOException, InterruptedException {
    return announce(key, new KadRequest.AddProvider(key, List.of(self())), timeout);
  }

  private int announce(Bytes key, KadRequest request, Duration timeout)
      throws IOException, InterruptedException {
    Instant end = clock.instant().plus(timeout);
    providers.add(key, self(), clock.instant());
    List<Contact> closest =
        lookups.run(
            key,
            new KadRequest.FindNode(key),
            timeout.multipliedBy(2).dividedBy(3),
            (p, r) -> true);
    Duration left = Duration.between(clock.instant(), end);
    int told = client.requestAll(closest, request, left);
    if (told > 0) {
      mark(key, clock.instant().toEpochMilli());
    }
    return told;
  }

  /** Up to {@code count} providers, in the order in which they were heard of. */
  List<Contact> find(Bytes key, int count, Duration timeout)
      throws IOException, InterruptedException {
    Map<PeerId, Contact> found = new LinkedHashMap<>();
    providers.of(key, clock.instant()).forEach(p -> found.put(p.id(), p));
    found.remove(host.id());
    if (found.size() < count) {
      lookups.run(
          key,
          new KadRequest.GetProviders(key),
          timeout,
          (from, response) -> {
            for (Contact provider : response.providers()) {
              found.merge(provider.id(), provider, (a, b) -> a.addresses().isEmpty() ? b : a);
            }
            found.remove(host.id());
            return found.size() < count;
          });
    }
    List<Contact> result = found.values().stream().limit(count).toList();
    result.forEach(p -> host.addressBook().hear(p.id(), p.addresses(), PeerStore.HEARSAY));
    return result;
  }

  private Contact self() {
    return new Contact(host.id(), host.advertisedAddresses());
  }

  private synchronized void remember(Bytes key) throws IOException {
    if (store.get(place(key)) != null) {
      return;
    }
    if (own >= OWN_MAX) {
      throw new IOException("this peer provides " + OWN_MAX + " keys already");
    }
    own++;
    mark(key, 0);
  }

  /** A key that was given up meanwhile stays so. */
  private synchronized void mark(Bytes key, long millis) throws IOException {
    if (millis == 0 || store.get(place(key)) != null) {
      byte[] value = ByteBuffer.allocate(8).putLong(millis).array();
      store.write(new Datastore.Batch().put(place(key), value), false);
    }
  }

  private static byte[] place(Bytes key) {
    return ByteBuffer.allocate(OWN.length + key.size()).put(OWN).put(key.toArrayUnsafe()).array();
  }
}
