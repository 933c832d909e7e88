package dev.kith.testnet.local;

import dev.kith.ledger.Genesis;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.daemon.DaemonLauncher;
import dev.kith.node.realm.DaemonInfo;
import dev.kith.node.realm.Home;
import dev.kith.node.realm.HomeConfig;
import dev.kith.node.realm.RealmFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A realm of real processes on this machine, in a folder: {@code peer-1} to {@code peer-N}, each a
 * home of its own, all of one owner. Its daemons are detached: they outlive the command that starts
 * them, and hold none of its pipes.
 *
 * <p>Commands on one testnet take turns, by a lock on its folder; status does not wait.
 */
public final class Testnet {
  /** Further peers would not fit in the third number of 127.0.N.1. */
  public static final int PEERS_MAX = 250;

  /** What a peer lends to the store, in bytes: as much as anybody tries on one machine. */
  private static final long QUOTA = 64L << 30;

  /** Written last when a testnet is made, so that one cut short while it was made is none. */
  private static final String MARKER = "testnet";

  private final Path folder;
  private final Launcher launcher;

  /**
   * @param folder need not exist yet
   * @param javaOptions the value of {@code KITH_JAVA_OPTS} for daemons
   */
  public Testnet(Path folder, Optional<String> javaOptions) {
    this.folder = folder.toAbsolutePath().normalize();
    this.launcher = new Launcher(new DaemonLauncher(javaOptions));
  }

  public Path folder() {
    return folder;
  }

  public boolean exists() {
    return Files.exists(folder.resolve(MARKER));
  }

  /** How many peers it has. */
  public int size() throws IOException {
    try {
      return Integer.parseInt(Files.readString(folder.resolve(MARKER)).strip());
    } catch (NoSuchFileException | NumberFormatException e) {
      throw new NodeException(
          Problem.NOT_FOUND,
          "there is no testnet in " + folder + " (kith testnet up makes one)",
          e);
    }
  }

  /** The home of a peer, from 1. */
  public Path home(int peer) {
    return new LocalPeer(folder, peer).folder();
  }

  /**
   * Makes the testnet where there is none, starts every peer that does not run, and returns when
   * all serve.
   *
   * @param peers for a new testnet, 1 to {@link #PEERS_MAX}; one that exists keeps its own
   * @throws NodeException when a peer cannot be started; the others go on
   */
  public void up(int peers) throws IOException, InterruptedException {
    if (peers < 1 || peers > PEERS_MAX) {
      throw new NodeException(Problem.BAD_REQUEST, "a testnet has 1 to " + PEERS_MAX + " peers");
    }
    Files.createDirectories(folder);
    try (FileChannel _ = lock()) {
      if (!exists()) {
        create(peers);
      }
      launcher.start(peers(IntStream.rangeClosed(1, size()).boxed().toList()));
    }
  }

  /** Brings peers back, and returns when they serve. */
  public void start(Collection<Integer> numbers) throws IOException, InterruptedException {
    List<LocalPeer> peers = peers(numbers);
    try (FileChannel _ = lock()) {
      launcher.start(peers);
    }
  }

  /** SIGKILL; returns those that ran, when they are gone. */
  public List<Integer> kill(Collection<Integer> numbers) throws IOException, InterruptedException {
    List<LocalPeer> peers = peers(numbers);
    List<Integer> killed = new ArrayList<>();
    try (FileChannel _ = lock()) {
      for (LocalPeer peer : peers) {
        if (peer.kill()) {
          killed.add(peer.number());
        }
      }
    }
    return killed;
  }

  /** Ends all peers, all at once; returns those that ran, when every process is gone. */
  public List<Integer> down() throws IOException, InterruptedException {
    List<LocalPeer> peers = peers(IntStream.rangeClosed(1, size()).boxed().toList());
    try (FileChannel _ = lock()) {
      return launcher.stop(peers);
    }
  }

  /** All peers as they are now. */
  public List<PeerStatus> status() throws IOException {
    List<PeerStatus> all = new ArrayList<>();
    for (int number = 1; number <= size(); number++) {
      all.add(status(new LocalPeer(folder, number)));
    }
    return all;
  }

  private static PeerStatus status(LocalPeer peer) throws IOException {
    Home home = peer.home();
    PeerId id = home.grant().device();
    Genesis genesis = home.genesis();
    Optional<DaemonInfo> daemon = home.daemon();
    Optional<ProcessHandle> process = peer.process();
    List<Multiaddr> addresses = home.config().listen().stream().map(a -> a.withPeer(id)).toList();
    return new PeerStatus(
        peer.number(),
        peer.folder(),
        process.map(p -> OptionalLong.of(p.pid())).orElse(OptionalLong.empty()),
        daemon.isPresent(),
        id.toString(),
        addresses,
        daemon.map(d -> "http://127.0.0.1:" + d.apiPort()),
        genesis.committee().stream().anyMatch(i -> genesis.members().get(i).peer().equals(id)));
  }

  private void create(int peers) throws IOException {
    requireEmpty();
    LoopbackAddresses addresses = new LoopbackAddresses(new SecureRandom());
    List<RealmFactory.LocalPeer> homes = new ArrayList<>();
    for (int number = 1; number <= peers; number++) {
      InetSocketAddress address = addresses.of(number);
      HomeConfig config =
          HomeConfig.defaults("peer-" + number, QUOTA)
              .withSite(addresses.distinct() ? "" : "site-" + number)
              .withListen(List.of(Multiaddr.ofTcp(address)))
              .withValidates(false);
      homes.add(new RealmFactory.LocalPeer(home(number), config));
    }
    RealmFactory.createLocalRealm("testnet", homes);
    Files.writeString(folder.resolve(MARKER), peers + "\n");
  }

  /** Nothing of the user's is written over. */
  private void requireEmpty() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      Optional<Path> foreign = entries.filter(p -> !p.equals(lockFile())).findFirst();
      if (foreign.isPresent()) {
        throw new NodeException(
            Problem.ALREADY_EXISTS,
            folder
                + " holds something that is no testnet, or one that was cut short while it was"
                + " made: "
                + foreign.get().getFileName());
      }
    }
  }

  private List<LocalPeer> peers(Collection<Integer> numbers) throws IOException {
    int size = size();
    List<LocalPeer> peers = new ArrayList<>();
    for (int number : new TreeSet<>(numbers)) {
      if (number < 1 || number > size) {
        throw new NodeException(
            Problem.NOT_FOUND, "there is no peer " + number + " among the " + size);
      }
      peers.add(new LocalPeer(folder, number));
    }
    return peers;
  }

  private Path lockFile() {
    return folder.resolve("testnet.lock");
  }

  /** Waits for other commands on this testnet; closing the channel gives the lock back. */
  private FileChannel lock() throws IOException {
    FileChannel channel =
        FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      channel.lock();
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }
}
