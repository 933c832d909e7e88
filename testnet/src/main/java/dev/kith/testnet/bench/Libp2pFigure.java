package dev.kith.testnet.bench;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What {@link Libp2pBenchmark} measures of each implementation and channel. */
enum Libp2pFigure {
  UP("1 stream up, MB/s"),
  DOWN("1 stream down, MB/s"),
  UP_16("16 streams up, MB/s"),
  DOWN_16("16 streams down, MB/s"),
  HANDSHAKES("handshakes a second, in a row"),
  HANDSHAKES_16("handshakes a second, 16 at once"),
  DIAL_P50("dial to first ping, ms, p50"),
  DIAL_P99("dial to first ping, ms, p99"),
  PING_P50("ping, us, p50"),
  PING_P99("ping, us, p99"),
  IDLE("KiB of RSS an idle connection");

  private static final int DIALS = 200;
  private static final int PINGS = 5_000;

  private final String title;

  Libp2pFigure(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** What a program is told to measure; figures may share a measurement. None for memory. */
  Optional<String> measurement(Libp2pBenchmark.Settings settings) {
    long bytes = settings.bytes();
    long millis = settings.handshakes().toMillis();
    return switch (this) {
      case UP -> Optional.of("throughput=1:" + bytes + ":0");
      case DOWN -> Optional.of("throughput=1:0:" + bytes);
      case UP_16 -> Optional.of("throughput=16:" + bytes + ":0");
      case DOWN_16 -> Optional.of("throughput=16:0:" + bytes);
      case HANDSHAKES -> Optional.of("handshakes=" + millis + ":1");
      case HANDSHAKES_16 -> Optional.of("handshakes=" + millis + ":16");
      case DIAL_P50, DIAL_P99 -> Optional.of("dials=" + DIALS);
      case PING_P50, PING_P99 -> Optional.of("pings=" + PINGS);
      case IDLE -> Optional.empty();
    };
  }

  /** The figure, of what the program printed. */
  double of(JsonNode result, Libp2pBenchmark.Settings settings) {
    return switch (this) {
      case UP, DOWN, UP_16, DOWN_16 -> settings.bytes() / 1e6 / result.path("seconds").asDouble();
      case HANDSHAKES, HANDSHAKES_16 ->
          result.path("count").asDouble() / result.path("seconds").asDouble();
      case DIAL_P50 -> percentile(result, 0.5) / 1e3;
      case DIAL_P99 -> percentile(result, 0.99) / 1e3;
      case PING_P50 -> percentile(result, 0.5);
      case PING_P99 -> percentile(result, 0.99);
      case IDLE -> throw new IllegalStateException("no program prints it");
    };
  }

  private static double percentile(JsonNode result, double part) {
    double[] sorted =
        result.path("micros").valueStream().mapToDouble(JsonNode::asDouble).sorted().toArray();
    return sorted[(int) Math.min(sorted.length - 1, Math.round(part * sorted.length))];
  }
}
