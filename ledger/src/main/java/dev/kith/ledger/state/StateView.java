package dev.kith.ledger.state;

import dev.kith.ledger.CommitteeRow;
import dev.kith.ledger.GroupRow;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Member;
import dev.kith.ledger.NamespaceRow;
import dev.kith.ledger.TaskRow;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.record.FactCodec;
import dev.kith.ledger.record.NamespacePut;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.ledger.record.TaskVoid;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Reads rows of the newest state as what they mean. Thread-safe. */
public final class StateView implements LedgerView {
  /** Jobs that one call returns. */
  static final int TASKS_MAX = 1_000;

  private static final int ROWS_MAX = 1_000_000;

  private final StateStore store;
  private final MemberTable members;

  public StateView(StateStore store, MemberTable members) {
    this.store = store;
    this.members = members;
  }

  @Override
  public long height() {
    return store.applied().point().height();
  }

  @Override
  public long timeMillis() {
    return store.applied().point().timeMillis();
  }

  @Override
  public Optional<Member> member(PeerId peer) {
    return members.get(peer);
  }

  @Override
  public Optional<Member> member(int index) {
    return members.get(index);
  }

  @Override
  public List<Member> members() {
    return members.all();
  }

  @Override
  public CommitteeRow committee() {
    return reading(
        () -> {
          EpochRow epoch = Epochs.current(store);
          Conduct conduct = Epochs.conduct(store);
          int size = epoch.seats().size();
          List<CommitteeRow.Seat> seats = new ArrayList<>();
          for (int i = 0; i < size; i++) {
            seats.add(
                new CommitteeRow.Seat(
                    epoch.seats().get(i).member(),
                    (conduct.leaving() >> i & 1) != 0,
                    (conduct.evicted() >> i & 1) != 0,
                    conduct.absent(i, size, Long.MAX_VALUE)));
          }
          return new CommitteeRow(
              epoch.number(),
              epoch.startHeight(),
              epoch.startMillis(),
              seats,
              Epochs.standbys(store).members().stream()
                  .map(s -> new CommitteeRow.Standby(s.member(), s.readyMillis()))
                  .toList());
        });
  }

  @Override
  public boolean ticketSpent(Bytes key) {
    return reading(() -> store.get(StateKeys.ticket(key)) != null);
  }

  @Override
  public Optional<GroupRow> group(Bytes32 group) {
    return reading(() -> groupRow(group));
  }

  @Override
  public List<GroupRow> groupsOfOwner(Bytes owner) {
    return reading(() -> groups(StateKeys.groupsOfOwner(owner)));
  }

  @Override
  public List<GroupRow> groupsHeldBy(int member) {
    return reading(() -> groups(StateKeys.groupsOfHolder(member)));
  }

  private List<GroupRow> groups(Bytes index) throws IOException {
    List<GroupRow> groups = new ArrayList<>();
    for (Map.Entry<Bytes, Bytes> entry : store.scan(index, ROWS_MAX)) {
      groupRow(tail(entry.getKey())).ifPresent(groups::add);
    }
    return groups;
  }

  private Optional<GroupRow> groupRow(Bytes32 group) throws IOException {
    Bytes found = store.get(StateKeys.group(group));
    if (found == null) {
      return Optional.empty();
    }
    MapRow row = MapRow.decode(found);
    boolean committed = store.get(StateKeys.committedPut(row.owner(), row.putId())) != null;
    return Optional.of(
        new GroupRow(
            group,
            row.owner(),
            row.putId(),
            row.version(),
            row.root(),
            row.holders(),
            row.wanted(),
            row.bytes(),
            row.chunks(),
            committed,
            row.createdMillis()));
  }

  @Override
  public Optional<NamespaceRow> namespace(Bytes owner) {
    return reading(
        () -> {
          Bytes found = store.get(StateKeys.namespace(owner));
          return found == null
              ? Optional.empty()
              : Optional.of(
                  Reader.whole(
                      found,
                      from ->
                          new NamespaceRow(
                              owner,
                              from.u63(),
                              from.hash(),
                              from.bytes16(NamespacePut.REFERENCE_BYTES_MAX))));
        });
  }

  @Override
  public Optional<TaskRow> task(Bytes32 task) {
    return reading(() -> taskRow(task));
  }

  @Override
  public List<TaskRow> tasks() {
    return reading(
        () -> {
          List<TaskRow> tasks = new ArrayList<>();
          for (Map.Entry<Bytes, Bytes> entry : store.scan(StateKeys.tasksByTime(), TASKS_MAX)) {
            taskRow(tail(entry.getKey())).ifPresent(tasks::add);
          }
          return tasks;
        });
  }

  private Optional<TaskRow> taskRow(Bytes32 task) throws IOException {
    Bytes start = store.get(StateKeys.task(task));
    Bytes progress = store.get(StateKeys.progress(task));
    if (start == null || progress == null) {
      return Optional.empty();
    }
    return Optional.of(taskRow(task, TaskStart.decode(start), TaskProgress.decode(progress)));
  }

  private TaskRow taskRow(Bytes32 task, TaskStart start, TaskProgress progress) throws IOException {
    List<TaskRow.FirstResponder> responders = new ArrayList<>();
    for (Map.Entry<Bytes, Bytes> entry : store.scan(StateKeys.responders(task), ROWS_MAX)) {
      int part = entry.getKey().slice(entry.getKey().size() - 4).toInt();
      ResponderRow row = ResponderRow.decode(entry.getValue());
      responders.add(
          new TaskRow.FirstResponder(part, row.worker(), row.resultHash(), row.height()));
    }
    Object end = progress.over() ? FactCodec.decode(progress.end()) : null;
    return new TaskRow(
        start.open(),
        start.openedMillis(),
        start.author(),
        progress.term(),
        progress.holder(),
        progress.leaseExpiresMillis(),
        responders,
        end instanceof TaskSeal seal ? Optional.of(seal) : Optional.empty(),
        end instanceof TaskVoid gone ? Optional.of(gone.reason()) : Optional.empty());
  }

  private static Bytes32 tail(Bytes key) {
    return Bytes32.wrap(key.slice(key.size() - 32).copy());
  }

  private static <T> T reading(Query<T> query) {
    try {
      return query.run();
    } catch (DecodeException e) {
      throw new IllegalStateException("a row of the state cannot be read", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A look at the datastore. */
  private interface Query<T> {
    T run() throws IOException;
  }
}
