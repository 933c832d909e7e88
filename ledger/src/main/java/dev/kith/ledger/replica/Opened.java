package dev.kith.ledger.replica;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.archive.Archive;
import dev.kith.ledger.archive.Location;
import dev.kith.ledger.disk.Disk;
import dev.kith.ledger.record.Signatures;
import dev.kith.ledger.state.MemberTable;
import dev.kith.ledger.state.StateStore;
import dev.kith.ledger.state.StateView;
import dev.kith.libp2p.datastore.LevelDbDatastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PrivateKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Everything that an open replica consists of, in the order in which it is opened and closed. */
final class Opened implements AutoCloseable {
  static final String WAL = "wal";

  private final LevelDbDatastore datastore;
  private final Replicated replicated;
  private final Flusher flusher;
  private final Informer informer;
  private final Helm helm;
  private final Candidacy candidacy;
  private final FollowServer followServer;
  private final SubmitServer submitServer;
  private final Submitter submitter;
  private final Listeners listeners;
  private final Prover prover;

  private Opened(LevelDbDatastore datastore, Replicated replicated, Seats seats, Genesis genesis)
      throws IOException {
    this.datastore = datastore;
    this.replicated = replicated;
    flusher = new Flusher(replicated.store(), replicated.archive(), replicated.feed());
    informer = new Informer();
    helm = new Helm(replicated, flusher, seats, informer);
    followServer = new FollowServer(replicated, helm::engine);
    submitServer = new SubmitServer(replicated, helm::engine);
    submitter = new Submitter(replicated, helm::engine, seats.key());
    informer.submitter(submitter);
    candidacy = new Candidacy(replicated, helm, submitter);
    listeners = new Listeners(replicated);
    prover = new Prover(genesis, replicated);
  }

  static Opened open(
      Genesis genesis, Host host, PrivateKey key, Path folder, PeerFinder finder, Disk disk)
      throws IOException {
    disk.makeFolder(folder);
    LevelDbDatastore datastore = LevelDbDatastore.open(folder.resolve("state"));
    try {
      StateStore store = StateStore.open(datastore, genesis);
      MemberTable members = new MemberTable(store);
      Archive archive = Archive.open(folder.resolve("blocks"), last(store), disk);
      try {
        Committees committees = new Committees(store, archive, Signatures::verifyHash);
        StateChain chain = new StateChain(committees, store, archive, members);
        archive.redo(chain::redo); // executes anew what the state lost of it
        Replicated replicated =
            new Replicated(
                committees,
                new Dialler(host, finder),
                Protocols.of(genesis.realmId()),
                store,
                archive,
                chain,
                new StateView(store, members),
                new BatchPool(),
                new FinalFeed(store.applied().point().height()));
        return new Opened(
            datastore,
            replicated,
            new Seats(genesis.parameters(), key, folder.resolve(WAL), disk),
            genesis);
      } catch (IOException | RuntimeException e) {
        archive.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      datastore.close();
      throw e;
    }
  }

  /** Where the newest block lies that the state has. */
  private static Location last(StateStore store) throws IOException {
    Optional<Bytes> last = store.blockLocation(store.applied().point().height());
    return last.isEmpty() ? Location.NOWHERE : Location.decode(last.get());
  }

  void start() {
    helm.start();
    followServer.start();
    submitServer.start();
    flusher.start();
    listeners.start();
    informer.start();
    candidacy.start();
  }

  Replicated replicated() {
    return replicated;
  }

  Prover prover() {
    return prover;
  }

  Helm helm() {
    return helm;
  }

  Candidacy candidacy() {
    return candidacy;
  }

  Submitter submitter() {
    return submitter;
  }

  Listeners listeners() {
    return listeners;
  }

  @Override
  public void close() throws IOException {
    // An interrupted thread cannot write to a file: it closes it.
    boolean interrupted = Thread.interrupted();
    try {
      candidacy.close();
      informer.close();
      submitServer.close();
      followServer.close();
      helm.close();
      replicated.feed().close();
      listeners.close();
      flusher.close();
      replicated.archive().close();
      datastore.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
