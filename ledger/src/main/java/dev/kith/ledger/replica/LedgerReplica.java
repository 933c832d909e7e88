package dev.kith.ledger.replica;

import dev.kith.ledger.BlockListener;
import dev.kith.ledger.BlockSummary;
import dev.kith.ledger.Genesis;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.LedgerStatus;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.ProofSubject;
import dev.kith.ledger.RecordEntry;
import dev.kith.ledger.RecordFilter;
import dev.kith.ledger.archive.Archived;
import dev.kith.ledger.block.ChainPoint;
import dev.kith.ledger.disk.Disk;
import dev.kith.ledger.light.ProofFile;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.wal.WriteAheadLog;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PrivateKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A peer's replica of its realm's ledger: a validator in epochs that give it a seat. */
public final class LedgerReplica implements Ledger {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerReplica.class);

  /** Blocks or records that one call returns. */
  private static final int LIMIT_MAX = 20_000;

  private final Opened opened;

  private LedgerReplica(Opened opened) {
    this.opened = opened;
  }

  /**
   * Prepares the folder of a validator that never voted before. Done once, when a realm is founded:
   * a validator whose folder was lost must not vote as if it had never said anything, so {@link
   * #start} takes a folder that was not prepared for one that was lost.
   *
   * @throws IOException also when a validator has run in the folder before
   */
  public static void format(Genesis genesis, Path folder) throws IOException {
    WriteAheadLog.format(folder.resolve(Opened.WAL), genesis.realmId());
  }

  /**
   * Opens the replica in a folder and begins to keep up with the realm. Returns once everything on
   * disk is executed; the network is not waited for.
   *
   * @param genesis of the realm
   * @param host this peer's, open while the replica is; addresses come from its address book
   * @param key this peer's secp256k1 key, the host's own
   * @param folder of the ledger alone; made if absent. A validator that never ran before calls
   *     {@link #format} on it first
   * @param finder asked where the address book has no address that works
   * @throws dev.kith.ledger.WrongFormatException when another version of Kith wrote the folder
   * @throws IOException when the folder holds another realm, or cannot be read
   */
  public static LedgerReplica start(
      Genesis genesis, Host host, PrivateKey key, Path folder, PeerFinder finder)
      throws IOException {
    LedgerReplica replica =
        new LedgerReplica(Opened.open(genesis, host, key, folder, finder, Disk.REAL));
    replica.opened.start();
    return replica;
  }

  @Override
  public Bytes32 realmId() {
    return opened.replicated().realmId();
  }

  @Override
  public LedgerView view() {
    return opened.replicated().view();
  }

  @Override
  public List<Outcome> submit(List<Fact> facts, Duration timeout)
      throws IOException, InterruptedException {
    return opened.submitter().submit(facts, timeout);
  }

  @Override
  public List<Outcome> submit(Batch batch, Duration timeout)
      throws IOException, InterruptedException {
    return opened.submitter().submit(batch, timeout);
  }

  @Override
  public AutoCloseable follow(BlockListener listener) {
    return opened.listeners().add(listener);
  }

  @Override
  public LedgerStatus status() {
    Replicated replicated = opened.replicated();
    Engine engine = opened.helm().engine();
    ChainPoint head = replicated.head();
    return new LedgerStatus(
        head.height(),
        replicated.committee().epoch(),
        engine.view(),
        head.timeMillis(),
        engine.votes(),
        replicated.validators(),
        engine.reachable(),
        replicated.committee().quorum(),
        engine.pendingRecords());
  }

  @Override
  public List<BlockSummary> blocks(long fromHeight, int limit) throws IOException {
    List<BlockSummary> blocks = new ArrayList<>();
    for (long height = Math.max(1, fromHeight); blocks.size() < bounded(limit); height++) {
      Optional<Archived> block = opened.replicated().block(height);
      if (block.isEmpty()) {
        break;
      }
      blocks.add(Summaries.block(block.get(), opened.replicated().committees()));
    }
    return blocks;
  }

  @Override
  public List<RecordEntry> records(long fromHeight, RecordFilter filter, int limit)
      throws IOException {
    List<RecordEntry> records = new ArrayList<>();
    for (long height = Math.max(1, fromHeight); records.size() < bounded(limit); height++) {
      Optional<Archived> block = opened.replicated().block(height);
      if (block.isEmpty()) {
        break;
      }
      Summaries.records(block.get()).stream()
          .filter(entry -> Summaries.matches(entry, filter))
          .limit(bounded(limit) - records.size())
          .forEach(records::add);
    }
    return records;
  }

  @Override
  public Optional<Bytes> prove(ProofSubject subject) throws IOException {
    return opened.prover().prove(subject).map(ProofFile::encode);
  }

  private static int bounded(int limit) {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException("limit: " + limit + " not in 1.." + LIMIT_MAX);
    }
    return limit;
  }

  /**
   * From now on this device is a candidate for a validator's seat whenever it has none and keeps up
   * with the realm. What is sent for that is sent in the background; may be called again.
   */
  public void stand() {
    opened.candidacy().stand();
  }

  /**
   * Says that this device goes, and waits until its seat, if it has one, is another's.
   *
   * @return whether the realm goes on without it; false also where there is nobody else to take
   *     over
   */
  public boolean leave(Duration timeout) throws InterruptedException {
    return opened.candidacy().leave(timeout);
  }

  @Override
  public void close() {
    try {
      opened.close();
    } catch (IOException e) {
      LOG.warn("the ledger did not close cleanly; it will recover", e);
    }
  }
}
