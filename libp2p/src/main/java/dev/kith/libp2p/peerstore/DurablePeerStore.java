package dev.kith.libp2p.peerstore;

import dev.kith.libp2p.datastore.Datastore;
import dev.kith.libp2p.datastore.LevelDbDatastore;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A peer store that lasts over restarts. All is in memory; what has changed is written down every
 * few seconds, by one atomic batch that is not synced. A crash loses the last seconds, and nothing
 * else; entries that are damaged are dropped with a line in the log.
 */
public final class DurablePeerStore extends MemoryPeerStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DurablePeerStore.class);
  private static final byte[] PREFIX = "peerstore/1/".getBytes(StandardCharsets.US_ASCII);
  private static final Duration WRITE = Duration.ofSeconds(5);
  private static final int WRITES_UNTIL_COLLECTED = 60;

  private final @Nullable Datastore store;
  private final ReentrantLock writing = new ReentrantLock();
  private final Thread writer = Thread.ofVirtual().name("kith-peerstore").unstarted(this::run);
  private boolean failing;

  private DurablePeerStore(@Nullable Datastore store, InstantSource clock, int peersMax) {
    super(clock, peersMax, store != null);
    this.store = store;
  }

  /**
   * What a datastore remembers. The store is closed with it.
   *
   * @throws IOException when it cannot be read
   */
  public static DurablePeerStore open(Datastore store, InstantSource clock) throws IOException {
    return open(store, clock, PEERS_MAX);
  }

  static DurablePeerStore open(Datastore store, InstantSource clock, int peersMax)
      throws IOException {
    DurablePeerStore peers = new DurablePeerStore(store, clock, peersMax);
    peers.recall();
    peers.writer.start();
    return peers;
  }

  /**
   * What a folder remembers, which belongs to this store alone. Never fails: a folder that is
   * damaged is begun anew, and where not even that works nothing is written down.
   */
  public static DurablePeerStore open(Path folder, InstantSource clock) {
    for (boolean anew : new boolean[] {false, true}) {
      try {
        if (anew) {
          delete(folder);
        }
        return openOnce(folder, clock);
      } catch (IOException e) {
        LOG.warn(
            "the peer store at {} cannot be read{}: {}",
            folder,
            anew ? "; this time nothing is remembered" : " and is begun anew",
            e.toString());
      }
    }
    return new DurablePeerStore(null, clock, PEERS_MAX);
  }

  private static DurablePeerStore openOnce(Path folder, InstantSource clock) throws IOException {
    LevelDbDatastore store = LevelDbDatastore.open(folder);
    boolean opened = false;
    try {
      DurablePeerStore peers = open(store, clock);
      opened = true;
      return peers;
    } finally {
      if (!opened) {
        store.close();
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }

  private void recall() throws IOException {
    if (store == null) {
      return;
    }
    Datastore.Batch damaged = new Datastore.Batch();
    store.scan(
        PREFIX,
        (key, value) -> {
          try {
            PeerId peer = PeerId.fromBytes(Bytes.wrap(key).slice(PREFIX.length));
            recall(peer, PeerEntryCodec.decode(value));
          } catch (IOException | IllegalArgumentException e) {
            damaged.delete(key);
          }
          return true;
        });
    if (!damaged.changes().isEmpty()) {
      LOG.warn("{} peers of the peer store are damaged and dropped", damaged.changes().size());
      store.write(damaged, false);
    }
  }

  private void run() {
    try {
      for (int i = 1; ; i++) {
        Thread.sleep(WRITE);
        if (i % WRITES_UNTIL_COLLECTED == 0) {
          collect();
        }
        write();
      }
    } catch (InterruptedException e) {
      LOG.debug("the peer store is closed");
    }
  }

  /** Writes down what has changed. Blocks; also called every few seconds. */
  public void write() {
    if (store == null) {
      return;
    }
    writing.lock();
    try {
      Map<PeerId, byte @Nullable []> changes = changes();
      if (changes.isEmpty()) {
        return;
      }
      Datastore.Batch batch = new Datastore.Batch();
      for (Map.Entry<PeerId, byte @Nullable []> change : changes.entrySet()) {
        byte[] key = Bytes.concatenate(Bytes.wrap(PREFIX), change.getKey().multihash()).toArray();
        byte[] value = change.getValue();
        if (value == null) {
          batch.delete(key);
        } else {
          batch.put(key, value);
        }
      }
      try {
        store.write(batch, false);
        failing = false;
      } catch (IOException e) {
        unwritten(changes.keySet());
        if (!failing) {
          LOG.warn("what is known of peers is not written down: {}", e.toString());
        }
        failing = true;
      }
    } finally {
      writing.unlock();
    }
  }

  /** Writes down what has changed, and closes the datastore. */
  @Override
  public void close() throws IOException {
    writer.interrupt();
    write();
    if (store != null) {
      store.close();
    }
  }
}
