package dev.kith.node.testing;

import dev.kith.ledger.BlockListener;
import dev.kith.ledger.BlockSummary;
import dev.kith.ledger.CommitteeRow;
import dev.kith.ledger.GroupRow;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.LedgerStalledException;
import dev.kith.ledger.LedgerStatus;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Member;
import dev.kith.ledger.NamespaceRow;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.ProofSubject;
import dev.kith.ledger.RecordEntry;
import dev.kith.ledger.RecordFilter;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.TaskRow;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.DeviceGrant;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.LeaseTake;
import dev.kith.ledger.record.OfferPut;
import dev.kith.ledger.record.PartDone;
import dev.kith.ledger.record.SignedRecord;
import dev.kith.ledger.record.TaskOpen;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.ledger.record.TaskVoid;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The ledger of a realm in memory, as far as jobs use it: each call of submit is a final block.
 * {@link #replica} gives each peer its own face of the one state.
 */
public final class MemoryLedger {
  private static final long LEASE_MILLIS = 60_000;

  private final List<Member> members = new ArrayList<>();
  private final Map<Bytes32, TaskRow> tasks = new LinkedHashMap<>();
  private final List<RecordEntry> records = new ArrayList<>();
  private final List<BlockListener> listeners = new CopyOnWriteArrayList<>();
  private long height;
  private long sequence;
  private boolean stalled;

  /** Passed by each fact on its way to a block. */
  public volatile Gate gate = fact -> {};

  /** Holds facts up, or refuses them as a ledger that was closed does. */
  @FunctionalInterface
  public interface Gate {
    void pass(Fact fact) throws IOException, InterruptedException;
  }

  /** Adds a member without an offer. */
  public synchronized void join(PeerId peer, Bytes owner) {
    DeviceGrant grant = new DeviceGrant(owner, peer, 1, Bytes.EMPTY, Bytes.wrap(new byte[64]));
    members.add(
        new Member(
            members.size(), peer, "peer-" + members.size(), "", grant, Optional.empty(), true));
  }

  /** From now on nothing becomes final. */
  public synchronized void stall(boolean stall) {
    stalled = stall;
  }

  /** All final facts of a kind, in order. */
  public synchronized <F extends Fact> List<F> facts(Class<F> kind) {
    return records.stream()
        .filter(r -> r.outcome().applied() && kind.isInstance(r.record().fact()))
        .map(r -> kind.cast(r.record().fact()))
        .toList();
  }

  public Ledger replica(PeerId author) {
    return new Replica(author);
  }

  /** As if that many blocks had become final. */
  public synchronized void skipTo(long newHeight) {
    height = newHeight;
  }

  private List<Outcome> apply(PeerId author, List<Fact> facts)
      throws IOException, InterruptedException {
    for (Fact fact : facts) {
      gate.pass(fact);
    }
    List<RecordEntry> block = new ArrayList<>();
    BlockSummary summary;
    synchronized (this) {
      if (stalled) {
        throw new LedgerStalledException("no quorum");
      }
      height++;
      sequence++;
      long now = System.currentTimeMillis();
      for (Fact fact : facts) {
        Optional<Refusal> refusal = execute(author, fact, now);
        Outcome outcome =
            refusal.isPresent()
                ? new Outcome.Refused(height, refusal.get())
                : new Outcome.Applied(height);
        SignedRecord record =
            new SignedRecord(
                author, sequence, block.size(), height, fact, Bytes.EMPTY, Bytes32.ZERO);
        block.add(new RecordEntry(height, block.size(), now, record, outcome));
      }
      records.addAll(block);
      summary =
          new BlockSummary(
              height,
              0,
              height,
              Bytes32.ZERO,
              Bytes32.ZERO,
              now,
              author,
              block.size(),
              Bytes32.ZERO,
              1);
    }
    listeners.forEach(listener -> listener.finalized(summary, block));
    return block.stream().map(RecordEntry::outcome).toList();
  }

  private Optional<Refusal> execute(PeerId author, Fact fact, long now) {
    int index =
        members.stream()
            .filter(m -> m.peer().equals(author))
            .mapToInt(Member::index)
            .findFirst()
            .orElse(-1);
    if (index < 0) {
      return Optional.of(Refusal.NOT_A_MEMBER);
    }
    return switch (fact) {
      case OfferPut offer -> {
        Member m = members.get(index);
        members.set(
            index,
            new Member(
                m.index(),
                m.peer(),
                m.name(),
                m.site(),
                m.grant(),
                Optional.of(offer),
                m.validator()));
        yield Optional.empty();
      }
      case TaskOpen open -> open(index, open, now);
      case LeaseTake take -> change(take.task(), index, row -> lease(row, take, index, now));
      case PartDone done -> change(done.task(), index, row -> done(row, done, index));
      case TaskSeal seal -> change(seal.task(), index, row -> seal(row, seal, index));
      case TaskVoid voided ->
          change(voided.task(), index, row -> with(row, Optional.empty(), voided.reason()));
      default -> Optional.of(Refusal.OUT_OF_BOUNDS);
    };
  }

  private Optional<Refusal> open(int author, TaskOpen open, long now) {
    if (tasks.containsKey(open.task())) {
      return Optional.of(Refusal.TASK_EXISTS);
    }
    tasks.put(
        open.task(),
        new TaskRow(
            open,
            now,
            author,
            1,
            author,
            now + LEASE_MILLIS,
            List.of(),
            Optional.empty(),
            Optional.empty()));
    return Optional.empty();
  }

  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Refusal refusal;

    RefusedException(Refusal refusal) {
      this.refusal = refusal;
    }
  }

  private interface Change {
    TaskRow of(TaskRow row);
  }

  private Optional<Refusal> change(Bytes32 task, int author, Change change) {
    TaskRow row = tasks.get(task);
    if (row == null) {
      return Optional.of(Refusal.UNKNOWN_TASK);
    }
    if (row.seal().isPresent() || row.voided().isPresent()) {
      return Optional.of(Refusal.TASK_OVER);
    }
    if (!members.get(author).grant().owner().equals(row.open().owner())) {
      return Optional.of(Refusal.NOT_THE_OWNER);
    }
    try {
      tasks.put(task, change.of(row));
      return Optional.empty();
    } catch (RefusedException e) {
      return Optional.of(e.refusal);
    }
  }

  private static TaskRow lease(TaskRow row, LeaseTake take, int author, long now) {
    boolean renews = take.term() == row.term() && author == row.leaseHolder();
    boolean takesOver = take.term() == row.term() + 1 && row.leaseExpiresMillis() < now;
    require(renews || takesOver, Refusal.LEASE_HELD);
    return new TaskRow(
        row.open(),
        row.openedMillis(),
        row.author(),
        take.term(),
        author,
        take.expiresMillis(),
        row.firstResponders(),
        row.seal(),
        row.voided());
  }

  private TaskRow done(TaskRow row, PartDone done, int author) {
    require(author == row.leaseHolder() && done.term() == row.term(), Refusal.NOT_THE_LEASE_HOLDER);
    Map<Integer, TaskRow.FirstResponder> first = new TreeMap<>();
    row.firstResponders().forEach(f -> first.put(f.part(), f));
    for (PartDone.Result r : done.results()) {
      require(r.part() < row.open().parts(), Refusal.PART_OUT_OF_RANGE);
      first.putIfAbsent(
          r.part(), new TaskRow.FirstResponder(r.part(), r.worker(), r.resultHash(), height));
    }
    return new TaskRow(
        row.open(),
        row.openedMillis(),
        row.author(),
        row.term(),
        row.leaseHolder(),
        row.leaseExpiresMillis(),
        List.copyOf(first.values()),
        row.seal(),
        row.voided());
  }

  private static TaskRow seal(TaskRow row, TaskSeal seal, int author) {
    require(author == row.leaseHolder() && seal.term() == row.term(), Refusal.NOT_THE_LEASE_HOLDER);
    require(row.firstResponders().size() == row.open().parts(), Refusal.PARTS_MISSING);
    List<Bytes32> hashes =
        row.firstResponders().stream().map(TaskRow.FirstResponder::resultHash).toList();
    require(TaskSeal.orderRoot(hashes).equals(seal.orderRoot()), Refusal.OUT_OF_BOUNDS);
    return with(row, Optional.of(seal), null);
  }

  private static TaskRow with(
      TaskRow row, Optional<TaskSeal> seal, @org.jspecify.annotations.Nullable String voided) {
    return new TaskRow(
        row.open(),
        row.openedMillis(),
        row.author(),
        row.term(),
        row.leaseHolder(),
        row.leaseExpiresMillis(),
        row.firstResponders(),
        seal,
        Optional.ofNullable(voided));
  }

  private static void require(boolean holds, Refusal refusal) {
    if (!holds) {
      throw new RefusedException(refusal);
    }
  }

  private final class Replica implements Ledger {
    private final PeerId author;
    private final List<BlockListener> own = new ArrayList<>();

    Replica(PeerId author) {
      this.author = author;
    }

    @Override
    public Bytes32 realmId() {
      return Bytes32.repeat((byte) 7);
    }

    @Override
    public LedgerView view() {
      return new View();
    }

    @Override
    public List<Outcome> submit(List<Fact> facts, Duration timeout)
        throws IOException, InterruptedException {
      return apply(author, facts);
    }

    @Override
    public List<Outcome> submit(Batch batch, Duration timeout)
        throws IOException, InterruptedException {
      return apply(batch.author(), batch.facts());
    }

    @Override
    public AutoCloseable follow(BlockListener listener) {
      own.add(listener);
      listeners.add(listener);
      return () -> listeners.remove(listener);
    }

    @Override
    public LedgerStatus status() {
      synchronized (MemoryLedger.this) {
        List<PeerId> committee = members.stream().map(Member::peer).toList();
        return new LedgerStatus(
            height,
            0,
            height,
            System.currentTimeMillis(),
            true,
            committee,
            stalled ? List.of() : committee,
            1,
            0);
      }
    }

    @Override
    public List<BlockSummary> blocks(long fromHeight, int limit) {
      return List.of();
    }

    @Override
    public List<RecordEntry> records(long fromHeight, RecordFilter filter, int limit) {
      synchronized (MemoryLedger.this) {
        return records.stream().filter(r -> r.height() >= fromHeight).limit(limit).toList();
      }
    }

    /** There are no blocks that could prove anything. */
    @Override
    public Optional<Bytes> prove(ProofSubject subject) {
      return Optional.empty();
    }

    @Override
    public void close() {
      listeners.removeAll(own);
    }
  }

  private final class View implements LedgerView {
    @Override
    public long height() {
      synchronized (MemoryLedger.this) {
        return height;
      }
    }

    @Override
    public long timeMillis() {
      return System.currentTimeMillis();
    }

    @Override
    public Optional<Member> member(PeerId peer) {
      return members().stream().filter(m -> m.peer().equals(peer)).findFirst();
    }

    @Override
    public Optional<Member> member(int index) {
      return members().stream().filter(m -> m.index() == index).findFirst();
    }

    @Override
    public List<Member> members() {
      synchronized (MemoryLedger.this) {
        return List.copyOf(members);
      }
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
      synchronized (MemoryLedger.this) {
        return Optional.ofNullable(tasks.get(task));
      }
    }

    @Override
    public List<TaskRow> tasks() {
      synchronized (MemoryLedger.this) {
        return tasks.values().stream()
            .sorted(Comparator.comparingLong(TaskRow::openedMillis).reversed())
            .toList();
      }
    }
  }
}
