package dev.kith.ledger.state;

import static dev.kith.ledger.TestFacts.TASK;
import static dev.kith.ledger.TestFacts.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.Refusal;
import dev.kith.ledger.TaskRow;
import dev.kith.ledger.TestFacts;
import dev.kith.ledger.record.LeaseTake;
import dev.kith.ledger.record.PartDone;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.ledger.record.TaskVoid;
import java.io.IOException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.Test;

final class TaskRulesTest extends StateTest {
  private static final long DEADLINE = 9_000_000;

  private void open(int parts) throws IOException {
    assertThat(apply(0, TestFacts.open(parts, List.of(0, 1), DEADLINE))).isEmpty();
  }

  private TaskRow task() {
    return view.task(TASK).orElseThrow();
  }

  private static PartDone done(int term, PartDone.Result... results) {
    return new PartDone(TASK, term, List.of(results));
  }

  @Test
  void aJob_isOpenedOnce_byItsFirstCoordinator_beforeItsDeadline() throws IOException {
    assertThat(apply(1, TestFacts.open(3, List.of(0, 1), DEADLINE)))
        .contains(Refusal.OUT_OF_BOUNDS);
    assertThat(apply(0, TestFacts.open(3, List.of(0, 60), DEADLINE)))
        .contains(Refusal.NOT_A_MEMBER);
    assertThat(apply(0, TestFacts.open(3, List.of(0, 1), now))).contains(Refusal.EXPIRED);
    open(3);
    assertThat(apply(0, TestFacts.open(3, List.of(0), DEADLINE))).contains(Refusal.TASK_EXISTS);
    assertThat(task().leaseHolder()).isZero();
    assertThat(task().leaseExpiresMillis()).isEqualTo(now + TaskRules.FIRST_LEASE_MILLIS);
    assertThat(view.tasks()).containsExactly(task());
  }

  @Test
  void aPart_isAnsweredFirstByOne_andLaterAnswersChangeNothing() throws IOException {
    open(3);
    assertThat(apply(0, done(1, result(1, 2), result(1, 3)))).isEmpty();
    assertThat(apply(0, done(1, result(1, 3)))).contains(Refusal.NOTHING_NEW);
    assertThat(apply(0, done(1, result(1, 3), result(0, 3)))).isEmpty();
    assertThat(task().firstResponders())
        .extracting(TaskRow.FirstResponder::part, TaskRow.FirstResponder::worker)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0, 3), org.assertj.core.groups.Tuple.tuple(1, 2));
  }

  @Test
  void answers_needTheWorkersSignature_andTheLease() throws IOException {
    open(3);
    PartDone.Result good = result(0, 2);
    PartDone.Result forged = new PartDone.Result(0, 3, good.resultHash(), good.workerSignature());
    assertThat(apply(0, done(1, forged))).contains(Refusal.BAD_SIGNATURE);
    assertThat(apply(0, done(1, result(3, 2)))).contains(Refusal.PART_OUT_OF_RANGE);
    assertThat(apply(1, done(1, good))).contains(Refusal.NOT_THE_LEASE_HOLDER);
    assertThat(apply(0, done(2, good))).contains(Refusal.NOT_THE_LEASE_HOLDER);
    assertThat(apply(0, new PartDone(Bytes32.ZERO, 1, List.of(good))))
        .contains(Refusal.UNKNOWN_TASK);
    assertThat(task().firstResponders()).isEmpty();
  }

  @Test
  void aLease_isTakenWhenItRanOut_byANamedCoordinatorOnly() throws IOException {
    open(3);
    long expires = task().leaseExpiresMillis();
    LeaseTake take = new LeaseTake(TASK, 2, expires + 60_000);
    assertThat(apply(1, take)).contains(Refusal.LEASE_HELD);
    now = expires;
    assertThat(apply(2, take)).contains(Refusal.NOT_THE_LEASE_HOLDER);
    assertThat(apply(1, new LeaseTake(TASK, 3, expires + 60_000))).contains(Refusal.WRONG_VERSION);
    assertThat(apply(1, new LeaseTake(TASK, 2, now + TaskRules.LEASE_MILLIS_MAX + 1)))
        .contains(Refusal.OUT_OF_BOUNDS);
    assertThat(apply(1, take)).isEmpty();
    assertThat(apply(0, done(1, result(0, 2)))).contains(Refusal.NOT_THE_LEASE_HOLDER);
    assertThat(apply(1, done(2, result(0, 2)))).isEmpty();
    assertThat(apply(1, take)).contains(Refusal.NOTHING_NEW);
    assertThat(apply(1, new LeaseTake(TASK, 2, expires + 90_000))).as("renewed").isEmpty();
    assertThat(task().term()).isEqualTo(2);
  }

  @Test
  void aSeal_needsAllPartsInOrder_andEndsTheJob() throws IOException {
    open(3);
    apply(0, done(1, result(2, 1), result(0, 3)));
    assertThat(apply(0, TestFacts.seal(1, 3))).contains(Refusal.PARTS_MISSING);
    apply(0, done(1, result(1, 2)));
    TaskSeal wrong = new TaskSeal(TASK, 1, Bytes32.ZERO, Bytes32.ZERO, 1, Bytes.EMPTY);
    assertThat(apply(0, wrong)).contains(Refusal.WRONG_ROOT);
    assertThat(apply(1, TestFacts.seal(1, 3))).contains(Refusal.NOT_THE_LEASE_HOLDER);
    assertThat(apply(0, TestFacts.seal(1, 3))).isEmpty();
    assertThat(task().seal()).contains(TestFacts.seal(1, 3));
    assertThat(apply(0, done(1, result(1, 1)))).contains(Refusal.TASK_OVER);
    assertThat(apply(0, new TaskVoid(TASK, "late"))).contains(Refusal.TASK_OVER);
  }

  @Test
  void aVoid_endsTheJob_fromAnyDeviceOfItsOwner_alsoAfterTheDeadline() throws IOException {
    open(3);
    now = DEADLINE + 1;
    assertThat(apply(0, done(1, result(0, 1)))).contains(Refusal.EXPIRED);
    assertThat(apply(3, new TaskVoid(TASK, "timed out"))).isEmpty();
    assertThat(task().voided()).contains("timed out");
    assertThat(apply(0, done(1, result(0, 1)))).contains(Refusal.TASK_OVER);
  }
}
