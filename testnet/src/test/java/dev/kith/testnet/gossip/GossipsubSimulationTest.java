package dev.kith.testnet.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.libp2p.gossipsub.router.RouterParams;
import dev.kith.testnet.gossip.GossipsubSimulation.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many routers under loss and churn; a failure names its seed. {@code -Dkith.gossipsub.peers=1000}
 * runs it with more of them.
 */
class GossipsubSimulationTest {
  private static final int PEERS = Integer.getInteger("kith.gossipsub.peers", 100);

  @ParameterizedTest
  @CsvSource({"1, true", "2, false", "3, true"})
  void peers_getEverything_underLossAndChurn(long seed, boolean flood) {
    RouterParams params = RouterParams.defaults().withFloodPublish(flood);
    Report report =
        GossipsubSimulation.run(new Scenario(PEERS, 10, 0.1, 0.01, 100, 2_048, params), seed);
    assertThat(report.expected()).as("seed %d", seed).isGreaterThan(50L * PEERS);
    assertThat(report.share()).as("seed %d: %s", seed, report).isGreaterThanOrEqualTo(0.9999);
    assertThat(report.p50Millis()).as("seed %d: %s", seed, report).isLessThan(200);
    assertThat(report.duplicates()).as("seed %d: %s", seed, report).isLessThan(7);
  }

  @Test
  void theSameSeed_isTheSameRun() {
    Scenario scenario = new Scenario(40, 6, 0.1, 0.02, 30, 256, RouterParams.defaults());
    Report first = GossipsubSimulation.run(scenario, 7);
    assertThat(GossipsubSimulation.run(scenario, 7)).isEqualTo(first);
    assertThat(GossipsubSimulation.run(scenario, 8)).isNotEqualTo(first);
  }
}
