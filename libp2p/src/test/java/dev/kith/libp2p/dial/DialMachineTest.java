package dev.kith.libp2p.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kith.libp2p.dial.DialRanker.Planned;
import dev.kith.libp2p.multiaddr.Multiaddr;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DialMachineTest {
  private static final long START = 1_000_000_000_000L;
  private static final Multiaddr ONE = Multiaddr.parse("/ip4/1.1.1.1/tcp/1");
  private static final Multiaddr TWO = Multiaddr.parse("/ip4/2.2.2.2/tcp/2");
  private static final Multiaddr THREE = Multiaddr.parse("/ip4/3.3.3.3/tcp/3");

  private final DialMachine machine =
      new DialMachine(List.of(planned(ONE, 0), planned(TWO, 250), planned(THREE, 500)), START);

  private static Planned planned(Multiaddr address, int millis) {
    return new Planned(address, Duration.ofMillis(millis));
  }

  private static long at(long millis) {
    return START + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void attempts_beginWhenPlanned() {
    assertThat(machine.due(at(0))).containsExactly(ONE);
    assertThat(machine.nextAt()).isEqualTo(OptionalLong.of(at(250)));
    assertThat(machine.due(at(249))).isEmpty();
    assertThat(machine.due(at(250))).containsExactly(TWO);
    assertThat(machine.due(at(600))).containsExactly(THREE);
    assertThat(machine.nextAt()).isEmpty();
    assertThat(machine.exhausted()).isFalse();
  }

  @Test
  void failure_bringsAllThatFollowsForward() {
    assertThat(machine.due(at(0))).containsExactly(ONE);
    machine.failed(at(10));
    assertThat(machine.nextAt()).isEqualTo(OptionalLong.of(at(10)));
    assertThat(machine.due(at(10))).containsExactly(TWO);
    assertThat(machine.nextAt()).as("its gap is kept").isEqualTo(OptionalLong.of(at(260)));
  }

  @Test
  void failureAfterTheNextWasDue_putsNothingOff() {
    assertThat(machine.due(at(0))).containsExactly(ONE);
    machine.failed(at(300));
    assertThat(machine.due(at(300))).containsExactly(TWO);
    assertThat(machine.nextAt()).isEqualTo(OptionalLong.of(at(500)));
  }

  @Test
  void plan_isExhaustedWhenAllHaveFailed() {
    for (Multiaddr address : List.of(ONE, TWO, THREE)) {
      assertThat(machine.exhausted()).isFalse();
      assertThat(machine.due(at(0))).containsExactly(address);
      machine.failed(at(0));
    }
    assertThat(machine.exhausted()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> machine.failed(at(0)));
  }

  @Test
  void planThatBeginsLate_beginsAtOnce() {
    DialMachine late = new DialMachine(List.of(planned(ONE, 250), planned(TWO, 500)), START);
    assertThat(late.due(at(0))).containsExactly(ONE);
    assertThat(late.nextAt()).isEqualTo(OptionalLong.of(at(250)));
  }
}
