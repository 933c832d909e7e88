package dev.kith.testnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.testnet.bench.Libp2pBenchmark.Channel;
import dev.kith.testnet.bench.Libp2pBenchmark.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Libp2pTableTest {
  @Test
  void markdown_comparesMediansWithTheBase() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("kith", "kith 1");
    versions.put("go-libp2p", "go-libp2p 2");
    Result result =
        new Result(
            "a machine",
            versions,
            Map.of(
                Channel.TLS,
                Map.of(
                    "1 stream up, MB/s",
                    Map.of(
                        "kith", List.of(1_400.0, 1_000.0, 1_200.0),
                        "go-libp2p", List.of(400.0, 600.0)))));
    assertThat(Libp2pTable.markdown(result, "go-libp2p"))
        .isEqualTo(
            """
            a machine. kith 1; go-libp2p 2.

            | TLS | kith | go-libp2p |
            |---|---|---|
            | 1 stream up, MB/s | 1000 / 1200 / 1400 (2.40x) | 400 / 500 / 600 |
            """);
  }
}
