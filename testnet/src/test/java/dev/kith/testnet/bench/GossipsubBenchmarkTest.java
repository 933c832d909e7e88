package dev.kith.testnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Times are not asserted: the machine may be busy. */
class GossipsubBenchmarkTest {
  @Test
  void twentyHosts_getAllMessages() throws Exception {
    GossipsubBenchmark.Result result =
        GossipsubBenchmark.run(new GossipsubBenchmark.Settings(20, 6, 1_024, 100, 50, 150, 1));
    assertThat(result.expected()).isEqualTo(200 * 19);
    assertThat(result.delivered()).as("%s", result).isEqualTo(result.expected());
    assertThat(result.dropped()).as("%s", result).isZero();
    assertThat(result.duplicates()).as("%s", result).isLessThan(12);
    assertThat(result.p50Millis()).as("%s", result).isPositive();
  }
}
