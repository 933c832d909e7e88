package dev.kith.ledger.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AllowanceTest {
  private final Allowance allowance = new Allowance(1_000, 5_000, 0);

  @Test
  void theReserveIsSpentAtOnce_andComesBackAtTheRate() {
    assertThat(allowance.spend(5_000, 0)).isTrue();
    assertThat(allowance.spend(1, 0)).isFalse();
    assertThat(allowance.spend(500, 499)).isFalse();
    assertThat(allowance.spend(500, 500)).isTrue();
    assertThat(allowance.spend(5_001, 1_000_000)).as("above the reserve").isFalse();
    assertThat(allowance.spend(5_000, 1_000_000)).isTrue();
  }

  @Test
  void aClockThatSeemsToGoBack_takesNothingAway() {
    assertThat(allowance.spend(1_000, 100)).isTrue();
    assertThat(allowance.spend(4_000, 50)).isTrue();
  }
}
