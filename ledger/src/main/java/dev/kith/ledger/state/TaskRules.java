package dev.kith.ledger.state;

import dev.kith.ledger.Refusal;
import dev.kith.ledger.record.FactCodec;
import dev.kith.ledger.record.LeaseTake;
import dev.kith.ledger.record.PartDone;
import dev.kith.ledger.record.TaskOpen;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.ledger.record.TaskVoid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/** Jobs: opened once, led by one lease holder at a time, each part answered once, ended once. */
final class TaskRules {
  /** How long the first lease holds, and the longest that a lease may be asked for. */
  static final long FIRST_LEASE_MILLIS = 30_000;

  static final long LEASE_MILLIS_MAX = 600_000;

  private TaskRules() {}

  static @Nullable Refusal apply(TaskOpen fact, int author, Transition at) throws IOException {
    if (at.row(StateKeys.task(fact.task())) != null) {
      return Refusal.TASK_EXISTS;
    }
    if (!at.authorBelongsTo(fact.owner())) {
      return Refusal.NOT_THE_OWNER;
    }
    if (fact.deadlineMillis() <= at.timeMillis()) {
      return Refusal.EXPIRED;
    }
    if (fact.coordinators().getFirst() != author) {
      return Refusal.OUT_OF_BOUNDS;
    }
    for (int coordinator : fact.coordinators()) {
      if (at.member(coordinator).isEmpty()) {
        return Refusal.NOT_A_MEMBER;
      }
    }
    TaskStart start = new TaskStart(fact, author, at.timeMillis(), at.height());
    long leased = at.timeMillis() + FIRST_LEASE_MILLIS;
    at.state().put(StateKeys.task(fact.task()), start.encode());
    at.state().put(StateKeys.taskByTime(at.height(), fact.task()), Bytes.EMPTY);
    save(fact.task(), new TaskProgress(1, author, leased, 0, Bytes32.ZERO, Bytes.EMPTY), at);
    return null;
  }

  static @Nullable Refusal apply(LeaseTake fact, int author, Transition at) throws IOException {
    TaskStart start = start(fact.task(), at);
    if (start == null) {
      return Refusal.UNKNOWN_TASK;
    }
    TaskProgress task = progress(fact.task(), at);
    Refusal ended = ended(start, task, at);
    if (ended != null) {
      return ended;
    }
    if (!start.open().coordinators().contains(author)) {
      return Refusal.NOT_THE_LEASE_HOLDER;
    }
    if (fact.expiresMillis() > at.timeMillis() + LEASE_MILLIS_MAX) {
      return Refusal.OUT_OF_BOUNDS;
    }
    boolean own = task.holder() == author;
    if (fact.term() == task.term() && own) {
      if (fact.expiresMillis() <= task.leaseExpiresMillis()) {
        return Refusal.NOTHING_NEW;
      }
    } else if (fact.term() != task.term() + 1) {
      return Refusal.WRONG_VERSION;
    } else if (!own && at.timeMillis() < task.leaseExpiresMillis()) {
      return Refusal.LEASE_HELD;
    }
    save(fact.task(), task.lease(fact.term(), author, fact.expiresMillis()), at);
    return null;
  }

  static @Nullable Refusal apply(PartDone fact, int author, Transition at) throws IOException {
    TaskStart start = start(fact.task(), at);
    if (start == null) {
      return Refusal.UNKNOWN_TASK;
    }
    TaskProgress task = progress(fact.task(), at);
    Refusal refusal = mayLead(start, task, fact.term(), author, at);
    if (refusal != null) {
      return refusal;
    }
    Map<Integer, ResponderRow> first = new LinkedHashMap<>();
    for (PartDone.Result result : fact.results()) {
      if (result.part() >= start.open().parts()) {
        return Refusal.PART_OUT_OF_RANGE;
      }
      if (at.member(result.worker()).isEmpty()) {
        return Refusal.NOT_A_MEMBER;
      }
      if (at.row(StateKeys.responder(fact.task(), result.part())) == null) {
        Bytes message = PartDone.message(fact.task(), result.part(), result.resultHash());
        if (!at.signed(result.worker(), message, result.workerSignature())) {
          return Refusal.BAD_SIGNATURE;
        }
        first.putIfAbsent(
            result.part(), new ResponderRow(result.worker(), result.resultHash(), at.height()));
      }
    }
    if (first.isEmpty()) {
      return Refusal.NOTHING_NEW;
    }
    first.forEach(
        (part, row) -> at.state().put(StateKeys.responder(fact.task(), part), row.encode()));
    int done = task.done() + first.size();
    boolean all = done == start.open().parts();
    Bytes32 root = all ? orderRoot(fact.task(), done, at) : Bytes32.ZERO;
    save(fact.task(), task.parts(done, root), at);
    return null;
  }

  static @Nullable Refusal apply(TaskSeal fact, int author, Transition at) throws IOException {
    TaskStart start = start(fact.task(), at);
    if (start == null) {
      return Refusal.UNKNOWN_TASK;
    }
    TaskProgress task = progress(fact.task(), at);
    Refusal refusal = mayLead(start, task, fact.term(), author, at);
    if (refusal != null) {
      return refusal;
    }
    if (task.done() < start.open().parts()) {
      return Refusal.PARTS_MISSING;
    }
    if (!fact.orderRoot().equals(task.orderRoot())) {
      return Refusal.WRONG_ROOT;
    }
    save(fact.task(), task.ended(FactCodec.encode(fact)), at);
    return null;
  }

  static @Nullable Refusal apply(TaskVoid fact, Transition at) throws IOException {
    TaskStart start = start(fact.task(), at);
    if (start == null) {
      return Refusal.UNKNOWN_TASK;
    }
    TaskProgress task = progress(fact.task(), at);
    if (task.over()) {
      return Refusal.TASK_OVER;
    }
    if (!at.authorBelongsTo(start.open().owner())) {
      return Refusal.NOT_THE_OWNER;
    }
    save(fact.task(), task.ended(FactCodec.encode(fact)), at);
    return null;
  }

  /** Only the holder of the current lease reports, also when the lease ran out unclaimed. */
  private static @Nullable Refusal mayLead(
      TaskStart start, TaskProgress task, int term, int author, Transition at) {
    Refusal ended = ended(start, task, at);
    if (ended != null) {
      return ended;
    }
    return term == task.term() && author == task.holder() ? null : Refusal.NOT_THE_LEASE_HOLDER;
  }

  private static @Nullable Refusal ended(TaskStart start, TaskProgress task, Transition at) {
    if (task.over()) {
      return Refusal.TASK_OVER;
    }
    return at.timeMillis() > start.open().deadlineMillis() ? Refusal.EXPIRED : null;
  }

  /** Computed once, by the last part: a seal that names another root costs a comparison. */
  private static Bytes32 orderRoot(Bytes32 task, int parts, Transition at) throws IOException {
    List<Bytes32> hashes = new ArrayList<>(parts);
    for (int part = 0; part < parts; part++) {
      Bytes row = at.row(StateKeys.responder(task, part));
      if (row == null) {
        throw new IllegalStateException("part " + part + " of task " + task + " was counted");
      }
      hashes.add(ResponderRow.decode(row).resultHash());
    }
    return TaskSeal.orderRoot(hashes);
  }

  private static @Nullable TaskStart start(Bytes32 task, Transition at) throws IOException {
    Bytes row = at.row(StateKeys.task(task));
    return row == null ? null : TaskStart.decode(row);
  }

  private static TaskProgress progress(Bytes32 task, Transition at) throws IOException {
    Bytes row = at.row(StateKeys.progress(task));
    if (row == null) {
      throw new IllegalStateException("task " + task + " has no progress row");
    }
    return TaskProgress.decode(row);
  }

  private static void save(Bytes32 task, TaskProgress progress, Transition at) {
    at.state().put(StateKeys.progress(task), progress.encode());
  }
}
