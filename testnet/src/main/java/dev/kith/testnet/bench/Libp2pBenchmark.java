package dev.kith.testnet.bench;

import dev.kith.testnet.interop.ForeignPeer;
import dev.kith.testnet.interop.GoPeers;
import dev.kith.testnet.interop.Implementation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Kith's libp2p beside others, each with itself: a listener and a dialler, two processes over
 * loopback. A dialler makes every measurement several times, and only the last one counts. All take
 * turns within a run, so that what else the machine does is shared fairly.
 */
public final class Libp2pBenchmark {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
  private static final Duration MEASURE_TIMEOUT = Duration.ofMinutes(20);

  /** What runs for days is compiled; that takes some thousands of handshakes. */
  private static final int WARM_UP_ROUNDS = 3;

  /** Connections that are there before idle ones are counted, as the first ones cost more. */
  private static final int IDLE_BEFORE = 100;

  private static final Duration SETTLE = Duration.ofSeconds(2);

  private final List<Implementation> implementations;
  private final GoPeers go;
  private final Settings settings;
  private final Consumer<String> progress;

  /** What connections are made of. */
  public enum Channel {
    NOISE("tcp", "noise"),
    TLS("tcp", "tls"),
    QUIC("quic", "tls");

    private final String transport;
    private final String security;

    Channel(String transport, String security) {
      this.transport = transport;
      this.security = security;
    }

    private List<String> options() {
      return List.of("--transport", transport, "--security", security);
    }
  }

  /**
   * How much is measured.
   *
   * @param bytes sent for each throughput, at least 1 MB
   * @param handshakes how long they are counted
   * @param idle connections
   * @param runs at least 1
   */
  public record Settings(
      Set<Channel> channels, long bytes, Duration handshakes, int idle, int runs) {
    public Settings {
      channels = Set.copyOf(channels);
      if (bytes < 1_000_000 || handshakes.toMillis() < 100 || idle < 1 || runs < 1) {
        throw new IllegalArgumentException("settings: too little of something");
      }
    }
  }

  /**
   * Figures in the units of their names, one a run, by channel, figure and implementation.
   *
   * @param versions by implementation
   */
  public record Result(
      String machine,
      Map<String, String> versions,
      Map<Channel, Map<String, Map<String, List<Double>>>> figures) {}

  /**
   * @param implementations in the order of the table; {@code go}, which the others are compared
   *     with, need not be among them
   * @param go also the one that keeps idle connections to all of them
   */
  public Libp2pBenchmark(
      List<Implementation> implementations,
      GoPeers go,
      Settings settings,
      Consumer<String> progress) {
    this.implementations = List.copyOf(implementations);
    this.go = go;
    this.settings = settings;
    this.progress = progress;
  }

  public Result run() throws IOException, InterruptedException {
    Map<String, String> versions = new LinkedHashMap<>();
    go.prepare();
    for (Implementation one : implementations) {
      progress.accept("preparing " + one.name());
      one.prepare();
      versions.put(one.name(), one.versions());
    }
    Map<Channel, Map<String, Map<String, List<Double>>>> figures = new EnumMap<>(Channel.class);
    for (int run = 1; run <= settings.runs(); run++) {
      for (Channel channel : Channel.values()) {
        if (settings.channels().contains(channel)) {
          for (Implementation one : implementations) {
            Map<Libp2pFigure, Double> measured = measure(one, channel);
            progress.accept(line(run, channel, one, measured));
            measured.forEach(
                (figure, value) ->
                    figures
                        .computeIfAbsent(channel, c -> new LinkedHashMap<>())
                        .computeIfAbsent(figure.title(), f -> new LinkedHashMap<>())
                        .computeIfAbsent(one.name(), n -> new ArrayList<>())
                        .add(value));
          }
        }
      }
    }
    return new Result(MachineDetails.here().sentence(), versions, figures);
  }

  private String line(
      int run, Channel channel, Implementation one, Map<Libp2pFigure, Double> measured) {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "run %d of %d, ", run, settings.runs()));
    line.append(channel).append(", ").append(one.name()).append(':');
    measured.forEach(
        (figure, value) ->
            line.append(String.format(Locale.ROOT, " %s %s;", figure.title(), round(value))));
    return line.toString();
  }

  private Map<Libp2pFigure, Double> measure(Implementation one, Channel channel)
      throws IOException, InterruptedException {
    Map<Libp2pFigure, Double> measured = new EnumMap<>(Libp2pFigure.class);
    Set<String> wanted = new LinkedHashSet<>();
    for (Libp2pFigure figure : Libp2pFigure.values()) {
      figure.measurement(settings).ifPresent(wanted::add);
    }
    try (ForeignPeer listener = one.start("listen", channel.options())) {
      List<String> arguments = new ArrayList<>(channel.options());
      arguments.add(listener.untilReady(START_TIMEOUT).getFirst());
      for (int round = 0; round <= WARM_UP_ROUNDS; round++) {
        arguments.addAll(wanted);
      }
      try (ForeignPeer dialler = one.start("bench", arguments)) {
        List<JsonNode> printed = dialler.jsonUntilEnd(MEASURE_TIMEOUT);
        List<JsonNode> counted = printed.subList(WARM_UP_ROUNDS * wanted.size(), printed.size());
        for (Libp2pFigure figure : Libp2pFigure.values()) {
          Optional<String> measurement = figure.measurement(settings);
          counted.stream()
              .filter(line -> measurement.equals(Optional.of(line.path("measurement").asString())))
              .forEach(line -> measured.put(figure, figure.of(line, settings)));
        }
      }
    }
    measured.put(Libp2pFigure.IDLE, idleKiB(one, channel));
    return measured;
  }

  private double idleKiB(Implementation one, Channel channel)
      throws IOException, InterruptedException {
    try (ForeignPeer listener = one.start("listen", channel.options())) {
      String address = listener.untilReady(START_TIMEOUT).getFirst();
      try (ForeignPeer before = idle(channel, address, IDLE_BEFORE)) {
        Thread.sleep(SETTLE);
        long empty = MachineDetails.residentKiB(listener.pid());
        try (ForeignPeer more = idle(channel, address, settings.idle())) {
          Thread.sleep(SETTLE);
          long full = MachineDetails.residentKiB(listener.pid());
          checkOpen(before, IDLE_BEFORE);
          checkOpen(more, settings.idle());
          return (full - empty) / (double) settings.idle();
        }
      }
    }
  }

  private ForeignPeer idle(Channel channel, String address, int count)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(channel.options());
    arguments.add(address);
    arguments.add("idle=" + count);
    ForeignPeer dialler = go.start("bench", arguments);
    dialler.json(MEASURE_TIMEOUT);
    return dialler;
  }

  /** Ends the dialler, which then tells how many connections it still had. */
  private static void checkOpen(ForeignPeer dialler, int count)
      throws IOException, InterruptedException {
    dialler.endInput();
    int open = dialler.json(START_TIMEOUT).path("open").asInt();
    if (open != count) {
      throw new IOException("only " + open + " of " + count + " idle connections stayed open");
    }
  }

  static String round(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
  }
}
