package dev.kith.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ledger.codec.DecodeException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

final class GenesisTest {
  private final Genesis genesis = TestMembers.genesis(5, 4);

  @Test
  void aGenesis_comesBackAsItWas_andNamesItsRealm() throws DecodeException {
    Genesis decoded = Genesis.decode(genesis.encode());
    assertThat(decoded).isEqualTo(genesis);
    assertThat(decoded.realmId()).isEqualTo(genesis.realmId());
    assertThat(TestMembers.genesis(6, 4).realmId()).isNotEqualTo(genesis.realmId());
  }

  @Test
  void damagedBytes_areRefused() {
    Bytes bytes = genesis.encode();
    for (int length = 0; length < bytes.size(); length += 7) {
      Bytes cut = bytes.slice(0, length).copy();
      assertThatThrownBy(() -> Genesis.decode(cut)).isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void committees_haveTheSizesThatTolerateMost() {
    assertThatThrownBy(() -> TestMembers.genesis(5, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("committee");
    assertThat(List.of(1, 2, 3, 4, 5, 9).stream().map(Genesis::committeeSizeFor))
        .containsExactly(1, 1, 3, 4, 4, 4);
  }
}
