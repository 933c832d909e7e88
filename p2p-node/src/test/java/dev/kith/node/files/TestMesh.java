package dev.kith.node.files;

import dev.kith.dht.blockstore.SegmentBlockStore;
import dev.kith.ledger.Genesis;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.OfferPut;
import dev.kith.ledger.record.Signatures;
import dev.kith.ledger.replica.LedgerReplica;
import dev.kith.ledger.replica.PeerFinder;
import dev.kith.libp2p.datastore.LevelDbDatastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.memory.MemoryNetwork;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.files.holder.HolderSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Peers of one owner and one realm, each on a segment of its own, within this process: real
 * ledgers, real stores, a network in memory. Peer 0 is the committee, unless more are asked for.
 */
final class TestMesh implements AutoCloseable {
  static final Secp256k1PrivateKey OWNER = Keys.secp256k1FromSeed(77);

  /** Everything that is done "after a while" is done soon. */
  static final FileSettings QUICK =
      new FileSettings(
          new HolderSettings(Duration.ZERO, Duration.ofHours(48), Duration.ofHours(1)),
          Duration.ofMillis(20),
          Duration.ofMillis(50),
          Duration.ofHours(1),
          Duration.ofMillis(100),
          Duration.ZERO);

  final MemoryNetwork network = new MemoryNetwork();
  private final Path folder;
  private final Genesis genesis;
  private final List<Peer> peers = new ArrayList<>();
  private final Map<Bytes32, Set<PeerId>> providers = new ConcurrentHashMap<>();

  /** One peer; its engine and store can be restarted. */
  final class Peer {
    final int number;
    final Host host;
    final Ledger ledger;
    final long quota;
    SegmentBlockStore store;
    FileEngine files;

    /** How much the engine's clock is ahead, from the next start on. */
    Duration clockAhead = Duration.ZERO;

    /** In threads of this name the engine cannot read the ledger's state. */
    volatile String blindThread = "nobody's";

    /** How often the engine asked the DHT who holds something. */
    final AtomicInteger lookups = new AtomicInteger();

    Peer(int number, Host host, Ledger ledger, long quota) throws IOException {
      this.number = number;
      this.host = host;
      this.ledger = ledger;
      this.quota = quota;
      start();
    }

    Path home() {
      return folder.resolve("peer-" + number);
    }

    void start() throws IOException {
      store =
          SegmentBlockStore.open(
              home().resolve("store"),
              LevelDbDatastore.open(home().resolve("index")),
              new SegmentBlockStore.Settings(quota, 8 << 20, 0),
              InstantSource.system());
      files =
          FileEngine.start(
              home().resolve("files"),
              host,
              faultyLedger(),
              new Routing(host.id(), lookups),
              store,
              new Secrets(),
              QUICK,
              InstantSource.offset(InstantSource.system(), clockAhead));
    }

    private Ledger faultyLedger() {
      return (Ledger)
          Proxy.newProxyInstance(
              Ledger.class.getClassLoader(),
              new Class<?>[] {Ledger.class},
              (_, method, arguments) -> {
                if (method.getName().equals("view")
                    && Thread.currentThread().getName().equals(blindThread)) {
                  throw new UncheckedIOException(new IOException("the disk says no"));
                }
                try {
                  return method.invoke(ledger, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    void stop() throws IOException {
      files.close();
      store.close();
    }

    PeerId id() {
      return host.id();
    }
  }

  /** Provider records of all peers in one map. */
  private final class Routing implements ContentRouting {
    private final PeerId self;
    private final AtomicInteger lookups;

    Routing(PeerId self, AtomicInteger lookups) {
      this.self = self;
      this.lookups = lookups;
    }

    @Override
    public void provide(Bytes32 key) {
      providers.computeIfAbsent(key, _ -> ConcurrentHashMap.newKeySet()).add(self);
    }

    @Override
    public void withdraw(Bytes32 key) {
      providers.getOrDefault(key, new HashSet<>()).remove(self);
    }

    @Override
    public List<PeerId> providers(Bytes32 key, int count) {
      lookups.incrementAndGet();
      return providers.getOrDefault(key, Set.of()).stream().limit(count).toList();
    }
  }

  static final class Secrets implements OwnerSecrets {
    @Override
    public Bytes owner() {
      return OWNER.publicKey().raw();
    }

    @Override
    public Bytes32 convergenceSecret() {
      return Bytes32.repeat((byte) 3);
    }

    @Override
    public Bytes32 namespaceKey() {
      return Bytes32.repeat((byte) 4);
    }
  }

  private TestMesh(Path folder, Genesis genesis) {
    this.folder = folder;
    this.genesis = genesis;
  }

  static TestMesh of(Path folder, int count) throws IOException, InterruptedException {
    return of(folder, count, 1L << 30);
  }

  static TestMesh of(Path folder, int count, long quota) throws IOException, InterruptedException {
    TestMesh mesh = new TestMesh(folder, genesis(count));
    List<Host> hosts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hosts.add(
          mesh.network.host(key(i), Multiaddr.parse("/ip4/127.0." + (i + 1) + ".1/tcp/4747")));
    }
    for (Host host : hosts) {
      for (Host other : hosts) {
        host.addressBook().add(other.id(), other.listenAddresses(), Duration.ofDays(1));
      }
    }
    for (int i = 0; i < count; i++) {
      Path ledgerFolder = folder.resolve("peer-" + i).resolve("ledger");
      if (i == 0) {
        LedgerReplica.format(mesh.genesis, ledgerFolder);
      }
      Ledger ledger =
          LedgerReplica.start(mesh.genesis, hosts.get(i), key(i), ledgerFolder, PeerFinder.NONE);
      mesh.peers.add(mesh.new Peer(i, hosts.get(i), ledger, quota));
    }
    for (Peer peer : mesh.peers) {
      var _ =
          peer.ledger.submit(new OfferPut(0, 0, quota, List.of(), 3600), Duration.ofSeconds(20));
    }
    return mesh;
  }

  static List<FileEntry> list(FileService files, String path, boolean recursive)
      throws IOException, InterruptedException {
    List<FileEntry> entries = new ArrayList<>();
    files.list(path, recursive, entries::add);
    return entries;
  }

  private static Secp256k1PrivateKey key(int number) {
    return Keys.secp256k1FromSeed(number);
  }

  private static Genesis genesis(int count) {
    return new Genesis(
        "test",
        System.currentTimeMillis() - 1000,
        IntStream.range(0, count)
            .mapToObj(
                i -> {
                  PeerId peer = key(i).publicKey().peerId();
                  Bytes owner = OWNER.publicKey().raw();
                  Bytes message = DeviceGrant.message(Bytes32.ZERO, owner, peer, 1, Bytes.EMPTY);
                  DeviceGrant grant =
                      new DeviceGrant(owner, peer, 1, Bytes.EMPTY, Signatures.sign(OWNER, message));
                  return new Genesis.Founder(peer, "peer-" + i, "", grant);
                })
            .toList(),
        List.of(0),
        Genesis.Parameters.LAN);
  }

  Peer peer(int number) {
    return peers.get(number);
  }

  Peer peer(PeerId id) {
    return peers.stream().filter(p -> p.id().equals(id)).findFirst().orElseThrow();
  }

  /** Blocks until a peer has executed what peer {@code of} has. */
  void sync(int of, int peer) {
    long height = peer(of).ledger.view().height();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> peer(peer).ledger.view().height() >= height);
  }

  /** As if its machine lost power; its engine stays in memory, cut off. */
  void cutOff(int number) {
    network.stop(peer(number).id());
  }

  void reconnect(int number) {
    network.start(peer(number).id());
  }

  @Override
  public void close() throws IOException {
    for (Peer peer : peers) {
      peer.stop();
      peer.ledger.close();
    }
    network.close();
  }
}
