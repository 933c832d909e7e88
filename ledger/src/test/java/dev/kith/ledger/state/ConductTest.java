package dev.kith.ledger.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ledger.codec.DecodeException;
import org.junit.jupiter.api.Test;

final class ConductTest {
  @Test
  void absentIsWhomMoreThanHalfMissed_forTheWholeTime() {
    Conduct conduct = Conduct.GOOD;
    conduct = conduct.claimed(0, 0b0111, 4, 1_000);
    conduct = conduct.claimed(1, 0b0111, 4, 2_000);
    assertThat(conduct.absent(3, 4, 2_000)).as("two of four").isFalse();
    conduct = conduct.claimed(2, 0b0111, 4, 3_000);
    assertThat(conduct.absent(3, 4, 2_000)).isFalse();
    assertThat(conduct.absent(3, 4, 3_000)).isTrue();
    conduct = conduct.claimed(0, 0b1111, 4, 30_000);
    assertThat(conduct.absent(3, 4, 30_000)).as("one saw it again").isFalse();
    conduct = conduct.claimed(0, 0b0111, 4, 31_000);
    assertThat(conduct.absent(3, 4, 30_000)).as("and has only begun to miss it").isFalse();
  }

  @Test
  void whoLeads_isThere_whateverOthersClaim() {
    Conduct conduct = Conduct.GOOD;
    for (int leader = 0; leader < 3; leader++) {
      conduct = conduct.claimed(leader, 0b0111, 4, 1_000);
    }
    assertThat(conduct.absent(3, 4, 1_000)).isTrue();
    assertThat(conduct.claimed(3, 0b1111, 4, 2_000)).isEqualTo(Conduct.GOOD);
  }

  @Test
  void aThirdThatLies_dropsNobody() {
    Conduct conduct = Conduct.GOOD;
    for (int time = 0; time < 100; time++) {
      int leader = time % 4;
      conduct = conduct.claimed(leader, leader == 1 ? 0b0010 : 0b1111, 4, time * 1_000L);
    }
    for (int i = 0; i < 4; i++) {
      assertThat(conduct.absent(i, 4, Long.MAX_VALUE)).isFalse();
    }
  }

  @Test
  void comesBackAsItWas() throws DecodeException {
    Conduct conduct = Conduct.GOOD.leaves(2, true).evicts(1).claimed(0, 0b0101, 4, 5_000);
    assertThat(Conduct.decode(conduct.encode())).isEqualTo(conduct);
    assertThat(Conduct.decode(null)).isEqualTo(Conduct.GOOD);
  }
}
