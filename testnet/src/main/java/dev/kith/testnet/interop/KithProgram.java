package dev.kith.testnet.interop;

import dev.kith.libp2p.connmgr.WaterMarks;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.StreamHandler;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.perf.Perf;
import dev.kith.libp2p.ping.Ping;
import dev.kith.libp2p.swarm.HostBuilder;
import dev.kith.libp2p.swarm.Security;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Kith as a program like those of the others, for benchmarks: {@code listen} and {@code bench}
 * (testnet/interop/go/bench.go), with the options {@code --transport} and {@code --security}.
 */
final class KithProgram {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Idle connections are what is measured: none is trimmed. */
  private static final WaterMarks NEVER_TRIM =
      new WaterMarks(10_000, 10_000, Duration.ofMinutes(1), Duration.ofMinutes(1));

  private final boolean quic;
  private final Security security;

  private KithProgram(boolean quic, Security security) {
    this.quic = quic;
    this.security = security;
  }

  /** The mode, the options, and what is left over. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String transport = "tcp";
    Security security = Security.NOISE;
    int next = 1;
    while (next + 1 < arguments.length && arguments[next].startsWith("--")) {
      switch (arguments[next]) {
        case "--transport" -> transport = arguments[next + 1];
        case "--security" ->
            security = arguments[next + 1].equals("tls") ? Security.TLS : Security.NOISE;
        default -> throw new IllegalArgumentException(arguments[next]);
      }
      next += 2;
    }
    KithProgram program = new KithProgram(transport.equals("quic"), security);
    List<String> rest = Arrays.asList(arguments).subList(next, arguments.length);
    switch (arguments[0]) {
      case "listen" -> program.listen();
      case "bench" -> program.bench(Multiaddr.parse(rest.getFirst()), rest.subList(1, rest.size()));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private Host host(List<Multiaddr> listen) throws IOException, InterruptedException {
    return new HostBuilder(Keys.generate(KeyType.ED25519, new SecureRandom()))
        .securities(security)
        .waterMarks(NEVER_TRIM)
        .listen(listen)
        .start();
  }

  private void listen() throws IOException, InterruptedException {
    String address = quic ? "/ip4/127.0.0.1/udp/0/quic-v1" : "/ip4/127.0.0.1/tcp/0";
    try (Host host = host(List.of(Multiaddr.parse(address)))) {
      host.serve(Perf.PROTOCOL, StreamHandler.streaming(Perf::serve));
      host.listenAddresses().forEach(one -> System.out.println(one.withPeer(host.id())));
      System.out.println("ready");
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private void bench(Multiaddr address, List<String> measurements)
      throws IOException, InterruptedException {
    for (String measurement : measurements) {
      String[] parts = measurement.split("[=:]", -1);
      long[] numbers = Arrays.stream(parts, 1, parts.length).mapToLong(Long::parseLong).toArray();
      Target target = new Target(address);
      ObjectNode result =
          switch (parts[0]) {
            case "throughput" -> throughput(target, (int) numbers[0], numbers[1], numbers[2]);
            case "pings" -> pings(target, (int) numbers[0]);
            case "dials" -> dials(target, (int) numbers[0]);
            case "handshakes" ->
                handshakes(target, Duration.ofMillis(numbers[0]), (int) numbers[1]);
            default -> throw new IllegalArgumentException(measurement);
          };
      System.out.println(result.put("measurement", measurement));
    }
  }

  private record Target(Multiaddr address) {
    Connection connect(Host host) throws IOException, InterruptedException {
      PeerId peer = address.peer().orElseThrow();
      return host.connect(peer, List.of(address), SOON);
    }
  }

  private ObjectNode throughput(Target target, int streams, long up, long down)
      throws IOException, InterruptedException {
    try (Host host = host(List.of())) {
      Connection connection = target.connect(host);
      long start = System.nanoTime();
      inThreads(
          connection.streamThreads(),
          streams,
          () -> Perf.measure(connection, up / streams, down / streams, SOON));
      return JsonMapper.shared().createObjectNode().put("seconds", secondsSince(start));
    }
  }

  private ObjectNode pings(Target target, int count) throws IOException, InterruptedException {
    try (Host host = host(List.of())) {
      Connection connection = target.connect(host);
      return micros(
          inThreads(
                  connection.streamThreads(),
                  1,
                  () -> {
                    List<Double> micros = new ArrayList<>();
                    try (Ping ping = Ping.open(connection, SOON)) {
                      for (int i = 0; i < count; i++) {
                        micros.add(ping.ping(SOON).toNanos() / NANOS_PER_MICRO);
                      }
                    }
                    return micros;
                  })
              .getFirst());
    }
  }

  private ObjectNode dials(Target target, int count) throws IOException, InterruptedException {
    List<Double> micros = new ArrayList<>();
    try (Host host = host(List.of())) {
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        try (Connection connection = target.connect(host);
            Ping ping = Ping.open(connection, SOON)) {
          ping.ping(SOON);
          micros.add((System.nanoTime() - start) / NANOS_PER_MICRO);
        }
      }
    }
    return micros(micros);
  }

  private ObjectNode handshakes(Target target, Duration length, int count)
      throws IOException, InterruptedException {
    List<Host> hosts = new ArrayList<>();
    AtomicInteger next = new AtomicInteger();
    try {
      for (int i = 0; i < count; i++) {
        hosts.add(host(List.of()));
      }
      long start = System.nanoTime();
      List<Integer> made =
          inThreads(
              Thread.ofVirtual().factory(),
              count,
              () -> {
                Host host = hosts.get(next.getAndIncrement());
                int own = 0;
                while (System.nanoTime() - start < length.toNanos()) {
                  target.connect(host).close();
                  own++;
                }
                return own;
              });
      return JsonMapper.shared()
          .createObjectNode()
          .put("count", made.stream().mapToInt(Integer::intValue).sum())
          .put("seconds", secondsSince(start));
    } finally {
      hosts.forEach(Host::close);
    }
  }

  private static ObjectNode micros(List<Double> micros) {
    ObjectNode node = JsonMapper.shared().createObjectNode();
    micros.forEach(node.putArray("micros")::add);
    return node;
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / NANOS_PER_SECOND;
  }

  /** The same in so many threads at once; all that they return. */
  private static <T> List<T> inThreads(ThreadFactory factory, int count, Callable<T> work)
      throws IOException, InterruptedException {
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(factory)) {
      List<Future<T>> under = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        under.add(threads.submit(work));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : under) {
        results.add(one.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }
}
