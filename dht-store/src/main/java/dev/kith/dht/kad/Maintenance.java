package dev.kith.dht.kad;

import dev.kith.dht.proto.KadProto.MessageProto.MessageType;
import dev.kith.libp2p.datastore.Datastore;
import dev.kith.libp2p.identity.PeerId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a peer of a DHT does unasked, on one virtual thread: it keeps its routing table filled and
 * true, saves it for the next start, repeats its announcements, and deletes what has expired.
 */
final class Maintenance implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Maintenance.class);
  private static final byte[] TABLE = "kad/table".getBytes(StandardCharsets.US_ASCII);

  /** How often it looks whether something is due. */
  static final Duration TICK = Duration.ofSeconds(30);

  private static final Duration SWEEP_INTERVAL = Duration.ofHours(1);
  private static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(30);

  /** Announcements repeated in one tick, which bounds their load on the network. */
  private static final int ANNOUNCEMENTS_PER_TICK = 256;

  /** Peers that are saved: those nearest to this one. */
  private static final int SAVED_MAX = 128;

  /** Finding a key for a deeper bucket by trial would take too many hashes. */
  private static final int REFRESHED_PREFIX_MAX = 14;

  private final PeerId self;
  private final KademliaConfig config;
  private final Contacts contacts;
  private final LookupRunner lookups;
  private final ContentRouting content;
  private final ProviderStore providers;
  private final ValueStore values;
  private final Datastore store;
  private final Clock clock;
  private final RandomGenerator random;
  private final Semaphore wake = new Semaphore(0);
  private volatile List<Contact> bootstrap = List.of();
  private volatile boolean refreshNow;
  private volatile Thread thread = Thread.ofVirtual().unstarted(this::run);

  Maintenance(
      PeerId self,
      KademliaConfig config,
      Contacts contacts,
      LookupRunner lookups,
      ContentRouting content,
      ProviderStore providers,
      ValueStore values,
      Datastore store,
      Clock clock,
      RandomGenerator random) {
    this.self = self;
    this.config = config;
    this.contacts = contacts;
    this.lookups = lookups;
    this.content = content;
    this.providers = providers;
    this.values = values;
    this.store = store;
    this.clock = clock;
    this.random = random;
  }

  void start() {
    thread.setName("kad-maintenance");
    thread.start();
  }

  /** Peers to fall back on whenever the routing table is empty. */
  void bootstrapPeers(List<Contact> peers) {
    bootstrap = List.copyOf(peers);
  }

  /** Fills the table up soon, as after joining. */
  void refreshSoon() {
    refreshNow = true;
    wake.release();
  }

  private void run() {
    Instant refreshed = clock.instant();
    Instant swept = clock.instant();
    try {
      probe(saved());
      while (true) {
        Duration pause =
            config.refreshInterval().compareTo(TICK) < 0 ? config.refreshInterval() : TICK;
        if (wake.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
          wake.drainPermits();
        }
        Instant now = clock.instant();
        if (contacts.size() == 0) {
          probe(bootstrap);
          probe(saved());
        }
        if (refreshNow || !refreshed.plus(config.refreshInterval()).isAfter(now)) {
          refreshNow = false;
          refreshed = now;
          refresh(now);
        }
        if (!swept.plus(SWEEP_INTERVAL).isAfter(now)) {
          swept = now;
          int count = providers.sweep(now) + values.sweep(now);
          log.debug("deleted {} expired entries", count);
        }
        reprovide();
      }
    } catch (InterruptedException e) {
      log.debug("maintenance of {} ends", config.protocol());
    } catch (IOException e) {
      log.warn("maintenance of {} ends: {}", config.protocol(), e.toString());
    }
  }

  /** Pings the silent, then looks for itself and for a random key in every bucket. */
  private void refresh(Instant now) throws IOException, InterruptedException {
    probe(contacts.silentSince(now.minus(config.refreshInterval())));
    if (contacts.size() == 0) {
      return;
    }
    lookup(self.multihash());
    int deepest = Math.min(contacts.deepest(), REFRESHED_PREFIX_MAX);
    for (int prefix = 0; prefix <= deepest; prefix++) {
      lookup(keyInBucket(prefix));
    }
    save();
  }

  private void lookup(Bytes key) throws InterruptedException {
    try {
      lookups.run(key, new KadRequest.FindNode(key), LOOKUP_TIMEOUT, (peer, response) -> true);
    } catch (IOException e) {
      log.debug("refresh: {}", e.toString()); // everybody left meanwhile
    }
  }

  private void probe(List<Contact> peers) throws InterruptedException {
    for (int i = 0; i < peers.size(); i += Contacts.PROBES_MAX) {
      List<Contact> some = peers.subList(i, Math.min(peers.size(), i + Contacts.PROBES_MAX));
      contacts.probeAll(some, config.requestTimeout());
    }
  }

  private void reprovide() throws IOException, InterruptedException {
    if (contacts.size() == 0) {
      return;
    }
    for (Bytes key : content.due(ANNOUNCEMENTS_PER_TICK)) {
      try {
        content.announce(key, LOOKUP_TIMEOUT);
      } catch (IOException e) {
        log.debug("announcing {}: {}", key, e.toString());
      }
    }
  }

  /** A multihash whose place shares exactly {@code prefix} bits with this peer's. */
  Bytes keyInBucket(int prefix) {
    KeyHash home = KeyHash.of(self);
    byte[] key = new byte[34];
    while (true) {
      random.nextBytes(key);
      key[0] = 0x12;
      key[1] = 0x20;
      Bytes candidate = Bytes.wrap(key);
      if (KeyHash.of(candidate).commonPrefixLength(home) == prefix) {
        return candidate;
      }
    }
  }

  private void save() throws IOException {
    List<Contact> nearest = contacts.closest(KeyHash.of(self), SAVED_MAX);
    if (!nearest.isEmpty()) {
      KadResponse table = KadResponse.closer(MessageType.FIND_NODE, self.multihash(), nearest);
      store.write(new Datastore.Batch().put(TABLE, KadCodec.encode(table)), false);
    }
  }

  private List<Contact> saved() throws IOException {
    byte[] table = store.get(TABLE);
    if (table == null) {
      return List.of();
    }
    KadRequest question = new KadRequest.FindNode(self.multihash());
    return KadCodec.readResponse(new ByteArrayInputStream(table), question).closer();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
      save();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      log.warn("saving the routing table: {}", e.toString());
    }
  }
}
