package dev.kith.ledger.replica;

import dev.kith.ledger.Genesis;
import dev.kith.ledger.archive.Archive;
import dev.kith.ledger.archive.Location;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.disk.Disk;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.Signatures;
import dev.kith.ledger.simplex.JournalEntry;
import dev.kith.ledger.simplex.Simplex;
import dev.kith.ledger.simplex.Timing;
import dev.kith.ledger.state.MemberTable;
import dev.kith.ledger.state.StateStore;
import dev.kith.ledger.state.StateView;
import dev.kith.ledger.wal.WriteAheadLog;
import dev.kith.libp2p.datastore.LevelDbDatastore;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that an open replica consists of, in the order in which it is opened and closed. */
final class Opened implements AutoCloseable {
  static final String WAL = "wal";

  private static final Logger LOG = LoggerFactory.getLogger(Opened.class);
  private static final int LONE_PACING_MILLIS = 10;

  private final LevelDbDatastore datastore;
  private final Replicated replicated;
  private final Flusher flusher;
  private final FollowClient client;
  private final Engine engine;
  private final FollowServer followServer;
  private final Optional<SubmitServer> submitServer;
  private final Submitter submitter;
  private final Listeners listeners;

  private Opened(
      LevelDbDatastore datastore,
      Replicated replicated,
      Genesis genesis,
      PrivateKey key,
      Path folder,
      Disk disk)
      throws IOException {
    this.datastore = datastore;
    this.replicated = replicated;
    flusher = new Flusher(replicated.store(), replicated.archive(), replicated.feed());
    int self = replicated.validators().indexOf(key.publicKey().peerId());
    client = new FollowClient(replicated, self < 0);
    if (self < 0) {
      engine = new Follower(replicated, client);
      submitServer = Optional.empty();
    } else {
      Validator validator = validator(genesis, key, self, folder, disk);
      engine = validator;
      submitServer = Optional.of(new SubmitServer(replicated, validator));
    }
    followServer = new FollowServer(replicated, engine);
    submitter = new Submitter(replicated, engine, key);
    listeners = new Listeners(replicated);
  }

  static Opened open(
      Genesis genesis, Host host, PrivateKey key, Path folder, PeerFinder finder, Disk disk)
      throws IOException {
    disk.makeFolder(folder);
    Committee committee =
        new Committee(
            genesis.realmId(),
            0,
            genesis.validators().stream().map(LedgerKey::of).toList(),
            genesis.realmId(),
            Signatures::verifyHash);
    List<PeerId> validators = committee.keys().stream().map(LedgerKey::peerId).toList();
    LevelDbDatastore datastore = LevelDbDatastore.open(folder.resolve("state"));
    try {
      StateStore store = StateStore.open(datastore, genesis);
      MemberTable members = new MemberTable(store, new HashSet<>(validators));
      Archive archive = archive(folder, committee, store, members, disk);
      Replicated replicated =
          new Replicated(
              committee,
              validators,
              new Dialler(host, finder),
              Protocols.of(genesis.realmId()),
              store,
              archive,
              new StateChain(committee, store, archive, members),
              new StateView(store, members),
              new BatchPool(),
              new FinalFeed(store.applied().point().height()));
      return new Opened(datastore, replicated, genesis, key, folder, disk);
    } catch (IOException | RuntimeException e) {
      datastore.close();
      throw e;
    }
  }

  /** Opens the archive and executes anew what the state lost of it. */
  private static Archive archive(
      Path folder, Committee committee, StateStore store, MemberTable members, Disk disk)
      throws IOException {
    Optional<Bytes> last = store.blockLocation(store.applied().point().height());
    Location location = last.isEmpty() ? Location.NOWHERE : Location.decode(last.get());
    Archive archive = Archive.open(folder.resolve("blocks"), location, disk);
    StateChain redo = new StateChain(committee, store, archive, members);
    try {
      archive.redo(redo::redo);
      return archive;
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  private Validator validator(Genesis genesis, PrivateKey key, int self, Path folder, Disk disk)
      throws IOException {
    Path wal = folder.resolve(WAL);
    Optional<WriteAheadLog.Opened> log = WriteAheadLog.open(wal, genesis.realmId(), disk);
    if (log.isEmpty()) {
      LOG.error(
          "the write-ahead log in {} is missing or damaged: what this validator said before is"
              + " unknown, so it follows the realm and does not vote",
          wal);
    }
    Journal journal = new Journal(log.map(WriteAheadLog.Opened::log), 0);
    List<JournalEntry> entries =
        journal.recover(log.map(WriteAheadLog.Opened::records).orElse(List.of()), this::recovered);
    Genesis.Parameters parameters = genesis.parameters();
    int pacing = replicated.committee().size() == 1 ? LONE_PACING_MILLIS : 0;
    Simplex machine =
        new Simplex(
            new Simplex.Setup(
                replicated.committee(),
                self,
                log.isPresent(),
                new Timing(
                    parameters.deltaMillis(),
                    parameters.deltaMaxMillis(),
                    parameters.heartbeatActiveMillis(),
                    parameters.heartbeatIdleMillis(),
                    pacing),
                replicated.head(),
                finalization(),
                hash -> Signatures.signHash(key, hash),
                RandomGenerator.getDefault()));
    return new Validator(
        replicated,
        new ValidatorLoop.Parts(
            self, log.isPresent(), machine, journal, entries, flusher::safeView, client));
  }

  /** Batches on the chain do not wait: they would keep the clocks of an idle realm running. */
  private void recovered(Batch batch) {
    if (replicated.wanted(batch)) {
      replicated.pool().add(batch, ValidatorLoop.millis());
    } else {
      replicated.pool().keep(batch);
    }
  }

  private Optional<Certificate> finalization() throws IOException {
    return replicated
        .block(replicated.head().height())
        .map(archived -> archived.block().finality().finalization());
  }

  void start() {
    engine.start();
    if (engine instanceof Validator) {
      client.start(engine);
    }
    followServer.start();
    submitServer.ifPresent(SubmitServer::start);
    flusher.start();
    listeners.start();
  }

  Replicated replicated() {
    return replicated;
  }

  Engine engine() {
    return engine;
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
      submitServer.ifPresent(SubmitServer::close);
      followServer.close();
      engine.close(); // before the client, whose thread may be writing a follower's block
      client.close();
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
