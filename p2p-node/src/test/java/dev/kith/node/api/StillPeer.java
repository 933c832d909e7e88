package dev.kith.node.api;

import dev.kith.ledger.BlockListener;
import dev.kith.ledger.BlockSummary;
import dev.kith.ledger.CommitteeRow;
import dev.kith.ledger.GroupRow;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.LedgerStatus;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Member;
import dev.kith.ledger.NamespaceRow;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.ProofSubject;
import dev.kith.ledger.RecordEntry;
import dev.kith.ledger.RecordFilter;
import dev.kith.ledger.TaskRow;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.LeaseTake;
import dev.kith.ledger.record.SignedRecord;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** A peer alone in its realm, with one block, to which nothing happens. */
final class StillPeer implements PeerControl {
  private static final PeerId ID = Keys.secp256k1FromSeed(1).publicKey().peerId();

  @Override
  public Status status() {
    return new Status(
        ID, "still", "1", "/home", "realm", Bytes.EMPTY, true, 0, List.of(), 0, 0, 0, 1);
  }

  @Override
  public List<PeerLine> peers() {
    return List.of();
  }

  @Override
  public Invitation invite(Duration expires, boolean guest) {
    return new Invitation("kith1", expires.toMillis(), !guest);
  }

  @Override
  public List<String> log(int lines) {
    return List.of("a line");
  }

  @Override
  public void shutdown() {}

  Ledger ledger() {
    return new Replica();
  }

  private static final class Replica implements Ledger {
    @Override
    public Bytes32 realmId() {
      return Bytes32.ZERO;
    }

    @Override
    public LedgerView view() {
      return new View();
    }

    @Override
    public List<Outcome> submit(List<Fact> facts, Duration timeout) {
      throw new UnsupportedOperationException("nothing happens");
    }

    @Override
    public List<Outcome> submit(Batch batch, Duration timeout) {
      throw new UnsupportedOperationException("nothing happens");
    }

    @Override
    public AutoCloseable follow(BlockListener listener) {
      return () -> {};
    }

    @Override
    public LedgerStatus status() {
      return new LedgerStatus(1, 0, 1, 1000, true, List.of(ID), List.of(ID), 1, 0);
    }

    @Override
    public List<BlockSummary> blocks(long fromHeight, int limit) {
      return List.of(
          new BlockSummary(1, 0, 1, Bytes32.ZERO, Bytes32.ZERO, 1000, ID, 1, Bytes32.ZERO, 1));
    }

    @Override
    public List<RecordEntry> records(long fromHeight, RecordFilter filter, int limit) {
      SignedRecord record =
          new SignedRecord(
              ID, 1, 0, 100, new LeaseTake(ScriptedJobs.JOB, 2, 5000), Bytes.EMPTY, Bytes32.ZERO);
      return List.of(new RecordEntry(1, 0, 1000, record, new Outcome.Applied(1)));
    }

    @Override
    public Optional<Bytes> prove(ProofSubject subject) {
      return subject instanceof ProofSubject.OfRecord
          ? Optional.empty()
          : Optional.of(Bytes.of(1, 2, 3));
    }

    @Override
    public void close() {}
  }

  private static final class View implements LedgerView {
    @Override
    public long height() {
      return 1;
    }

    @Override
    public long timeMillis() {
      return 1000;
    }

    @Override
    public Optional<Member> member(PeerId peer) {
      return Optional.empty();
    }

    @Override
    public Optional<Member> member(int index) {
      return Optional.empty();
    }

    @Override
    public List<Member> members() {
      return List.of();
    }

    @Override
    public CommitteeRow committee() {
      return new CommitteeRow(0, 0, 0, List.of(), List.of());
    }

    @Override
    public boolean ticketSpent(Bytes key) {
      return false;
    }

    @Override
    public Optional<GroupRow> group(Bytes32 group) {
      return Optional.empty();
    }

    @Override
    public List<GroupRow> groupsOfOwner(Bytes owner) {
      return List.of();
    }

    @Override
    public List<GroupRow> groupsHeldBy(int member) {
      return List.of();
    }

    @Override
    public Optional<NamespaceRow> namespace(Bytes owner) {
      return Optional.empty();
    }

    @Override
    public Optional<TaskRow> task(Bytes32 task) {
      return Optional.empty();
    }

    @Override
    public List<TaskRow> tasks() {
      return List.of();
    }
  }
}
