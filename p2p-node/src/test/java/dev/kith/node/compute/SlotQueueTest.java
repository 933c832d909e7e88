package dev.kith.node.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kith.node.compute.PartExecutor.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlotQueueTest {
  private static final long MILLI = 1_000_000;

  private final AtomicLong now = new AtomicLong();
  private final List<String> order = new CopyOnWriteArrayList<>();

  @Test
  void enter_isRefusedWhenSlotsAndQueueAreFull() {
    SlotQueue queue = new SlotQueue(2, 1, now::get);
    Turn first = queue.enter(0).orElseThrow();
    assertThat(queue.enter(0)).isPresent();
    assertThat(queue.enter(0)).isPresent();
    assertThat(queue.enter(0)).isEmpty();
    first.close();
    assertThat(queue.enter(0)).isPresent();
  }

  @Test
  void enter_isRefusedWithoutSlots() {
    assertThat(new SlotQueue(0, 8, now::get).enter(0)).isEmpty();
  }

  @Test
  void turns_goToFirstRacersBeforeSpareOnes() {
    SlotQueue queue = new SlotQueue(1, 8, now::get);
    Turn running = queue.enter(0).orElseThrow();
    List<Turn> turns = new ArrayList<>();
    turns.add(waiter(queue, 2, "spare"));
    now.addAndGet(MILLI);
    turns.add(waiter(queue, 1, "second"));
    now.addAndGet(MILLI);
    turns.add(waiter(queue, 0, "first"));
    running.close();
    await().until(() -> order.size() == 1);
    turns.get(2).close();
    await().until(() -> order.size() == 2);
    turns.get(1).close();
    await().until(() -> order.size() == 3);
    assertThat(order).containsExactly("first", "second", "spare");
  }

  @Test
  void turns_starveNobody() {
    SlotQueue queue = new SlotQueue(1, 64, now::get);
    Turn running = queue.enter(0).orElseThrow();
    waiter(queue, 2, "spare");
    for (int i = 0; i < 40 && order.isEmpty(); i++) {
      Turn next = queue.enter(0).orElseThrow();
      now.addAndGet(10 * MILLI);
      running.close();
      running = next;
    }
    await().until(() -> order.contains("spare"));
  }

  @Test
  void close_ofAWaitingTurnGivesItsPlaceBack() {
    SlotQueue queue = new SlotQueue(1, 1, now::get);
    assertThat(queue.enter(0)).isPresent();
    Turn waiting = queue.enter(0).orElseThrow();
    assertThat(queue.enter(0)).isEmpty();
    waiting.close();
    waiting.close();
    assertThat(queue.enter(0)).isPresent();
  }

  private Turn waiter(SlotQueue queue, int rank, String name) {
    Turn turn = queue.enter(rank).orElseThrow();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                turn.await();
                order.add(name);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    return turn;
  }
}
