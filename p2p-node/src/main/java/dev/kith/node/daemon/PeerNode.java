package dev.kith.node.daemon;

import dev.kith.dht.blockstore.SegmentBlockStore;
import dev.kith.dht.blockstore.StoreFormatException;
import dev.kith.dht.kad.Kademlia;
import dev.kith.dht.kad.KademliaConfig;
import dev.kith.ledger.CommitteeRow;
import dev.kith.ledger.Genesis;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.OfferPut;
import dev.kith.ledger.replica.LedgerReplica;
import dev.kith.libp2p.datastore.Datastore;
import dev.kith.libp2p.datastore.LevelDbDatastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.PeerStore;
import dev.kith.libp2p.identity.Secp256k1PrivateKey;
import dev.kith.libp2p.peerstore.DurablePeerStore;
import dev.kith.libp2p.swarm.HostBuilder;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.api.ApiServer;
import dev.kith.node.compute.ComputeLimits;
import dev.kith.node.compute.ComputeService;
import dev.kith.node.files.FileEngine;
import dev.kith.node.jobs.JobEngine;
import dev.kith.node.realm.DaemonInfo;
import dev.kith.node.realm.Home;
import dev.kith.node.realm.HomeConfig;
import dev.kith.node.realm.JoinServer;
import dev.kith.node.realm.OwnerRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running peer: all its parts, started in the order in which they need each other, and closed
 * in the opposite one.
 */
public final class PeerNode implements AutoCloseable {
  private static final Path POWER_SUPPLIES = Path.of("/sys/class/power_supply");
  private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration FIND_TIMEOUT = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(PeerNode.class);

  private final Parts parts = new Parts();
  private final Home home;
  private Optional<LedgerReplica> standing = Optional.empty();
  private int apiPort;

  private PeerNode(Home home) {
    this.home = home;
  }

  /**
   * Starts the peer of a home; when this returns it serves. Other peers are not waited for.
   *
   * @param shutdown run when the API is asked to end this peer; must not block
   * @throws dev.kith.node.NodeException ALREADY_RUNNING, NOT_ALLOWED, PORT_IN_USE, NOT_FOUND
   */
  public static PeerNode start(Home home, char[] password, Runnable shutdown)
      throws IOException, InterruptedException {
    PeerNode node = new PeerNode(home);
    boolean started = false;
    try {
      node.start(password, shutdown);
      started = true;
      return node;
    } finally {
      if (!started) {
        node.close();
      }
    }
  }

  private void start(char[] password, Runnable shutdown) throws IOException, InterruptedException {
    parts.add("lock", home.lock());
    HomeConfig config = home.config();
    Genesis genesis = home.genesis();
    Secp256k1PrivateKey device = home.deviceKey(password);
    DeviceGrant grant = home.grant();
    OwnerRoot root = OwnerRoot.unwrap(device, grant.wrappedRoot());

    RealmAdmission admission =
        new RealmAdmission(
            genesis.members().stream().map(Genesis.Founder::peer).collect(Collectors.toSet()));
    DurablePeerStore peers =
        parts.add("peer store", DurablePeerStore.open(home.dataFolder("peers"), Clock.systemUTC()));
    Host host = parts.add("host", host(device, admission, peers));
    admission.host(host);
    Datastore index = parts.add("dht index", LevelDbDatastore.open(home.dataFolder("dht")));
    Kademlia kademlia =
        parts.add(
            "dht",
            Kademlia.start(
                host,
                KademliaConfig.server(Realms.protocol(genesis.realmId(), "kad/1.0.0")),
                index,
                Clock.systemUTC()));
    LedgerReplica ledger =
        parts.add(
            "ledger",
            LedgerReplica.start(
                genesis,
                host,
                device,
                home.dataFolder(Home.LEDGER),
                peer -> kademlia.findPeer(peer, FIND_TIMEOUT)));
    admission.ledger(ledger);
    meet(config, host, index, ledger, kademlia);

    SegmentBlockStore store =
        parts.add("store", openStore(home.dataFolder("store"), config.storageBytes()));
    FileEngine files =
        parts.add(
            "files",
            FileEngine.start(
                home.dataFolder("files"),
                host,
                ledger,
                new KadRouting(kademlia),
                store,
                new NodeSecrets(grant.owner(), root)));
    ComputeService compute =
        parts.add("compute", ComputeService.start(home.dataFolder("compute"), limits(config)));
    JobEngine jobs =
        parts.add(
            "jobs",
            JobEngine.start(home.dataFolder("jobs"), host, ledger, files, compute, root.jobKey()));
    host.serve(
        JoinServer.PROTOCOL,
        new JoinServer(new LiveRealm(home, password.clone(), genesis, host, ledger)));
    OfferAnnouncer announcer =
        parts.add("offer", new OfferAnnouncer(ledger, offer(config, compute)));
    announcer.start();
    if (config.validates()) {
      standing = Optional.of(ledger);
      parts.add("standing", new Standing(ledger, POWER_SUPPLIES)).start();
    }

    NodeControl control =
        new NodeControl(
            home, config, genesis, grant.owner(), device, host, ledger, store, shutdown);
    ApiServer api =
        parts.add(
            "api",
            ApiServer.start(
                new ApiServer.Services(
                    new CaughtUpFiles(files, announcer::awaitCaughtUp),
                    jobs,
                    ledger,
                    control,
                    home.apiToken(),
                    home.dataFolder("spool")),
                config.apiPort()));
    apiPort = api.port();
    parts.add("mark", home::daemonEnded);
    home.daemonServes(DaemonInfo.ofThisProcess(apiPort, host.id().toString()));
    log.info("{} serves at {}, API on port {}", host.id(), host.listenAddresses(), apiPort);
  }

  private Host host(Secp256k1PrivateKey device, RealmAdmission admission, PeerStore peers)
      throws IOException, InterruptedException {
    return Listening.start(
        home,
        listen ->
            new HostBuilder(device)
                .listen(listen)
                .admission(admission)
                .gater(admission)
                .peerStore(peers)
                .agentVersion("kith/" + Version.text())
                .start());
  }

  /** Finds the other members, now and for as long as this peer runs. */
  private void meet(HomeConfig config, Host host, Datastore index, Ledger ledger, Kademlia kademlia)
      throws IOException {
    KnownPeers known = new KnownPeers(host, index, peer -> ledger.view().member(peer).isPresent());
    host.listener(known);
    known.recall();
    known.add(config.bootstrap());
    if (!config.bootstrap().isEmpty()) {
      parts.add("bootstrap", new Bootstrap(kademlia, config.bootstrap())).start();
    }
    parts.add("dialler", new MemberDialler(host, ledger, kademlia, new SecureRandom())).start();
  }

  private static SegmentBlockStore openStore(Path folder, long quota) throws IOException {
    LevelDbDatastore index = LevelDbDatastore.open(folder.resolve("index"));
    try {
      return SegmentBlockStore.open(
          folder, index, SegmentBlockStore.Settings.withQuota(quota), Clock.systemUTC());
    } catch (IOException e) {
      index.close();
      throw e instanceof StoreFormatException
          ? new NodeException(Problem.WRONG_FORMAT, String.valueOf(e.getMessage()), e)
          : e;
    }
  }

  private static ComputeLimits limits(HomeConfig config) {
    ComputeLimits usual = ComputeLimits.ofSlots(config.computeSlots());
    return new ComputeLimits(
        usual.slots(),
        usual.queued(),
        config.computeMemoryMiB(),
        usual.partTime(),
        usual.answerBytes(),
        usual.programsBytes(),
        usual.idleTime());
  }

  private static OfferPut offer(HomeConfig config, ComputeService compute) {
    List<String> capabilities =
        config.computeSlots() > 0 ? compute.capabilities() : List.<String>of();
    return new OfferPut(
        config.computeSlots(),
        config.computeMemoryMiB(),
        config.storageBytes(),
        capabilities,
        OfferAnnouncer.lifeSeconds());
  }

  /** Of the HTTP API, on 127.0.0.1. */
  public int apiPort() {
    return apiPort;
  }

  /**
   * Before an end that was asked for: hands this device's seat among the validators, if it has one,
   * to another that is ready. Waits some seconds at most.
   */
  public void leave() throws InterruptedException {
    if (standing.isPresent() && others(standing.get().view().committee())) {
      standing.get().leave(LEAVE_TIMEOUT);
    }
  }

  /** Whether anybody could take over. */
  private static boolean others(CommitteeRow committee) {
    return committee.seats().size() > 1 || !committee.standbys().isEmpty();
  }

  /** Ends all parts; may be called twice. */
  @Override
  public void close() {
    parts.close();
  }
}
