package dev.kith.testnet.bench;

import dev.kith.libp2p.gossipsub.Gossipsub;
import dev.kith.libp2p.gossipsub.GossipsubConfig;
import dev.kith.libp2p.gossipsub.GossipsubStats;
import dev.kith.libp2p.gossipsub.Message;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.swarm.HostBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Gossipsub among real hosts within this process, over TCP and TLS on loopback. Every host dials
 * some others, and any of them publishes. One thread publishes, so that the rate is that of all.
 */
public final class GossipsubBenchmark implements AutoCloseable {
  private static final String TOPIC = "bench";
  private static final Duration DIAL = Duration.ofSeconds(30);
  private static final Duration MESHES = Duration.ofSeconds(30);

  /** After the last message: three heartbeats of gossip. */
  private static final Duration ARRIVAL = Duration.ofSeconds(10);

  /**
   * What is done.
   *
   * @param links that each host dials; it has about twice as many
   * @param messageBytes at least 8
   * @param perSecond messages of all hosts together
   * @param warmUp messages that are published before, at the same rate, and must arrive but do not
   *     count for the latency
   */
  public record Settings(
      int hosts, int links, int messageBytes, int perSecond, int warmUp, int messages, long seed) {
    public Settings {
      if (hosts < 2 || hosts > 200 || links < 1 || links >= hosts) {
        throw new IllegalArgumentException("hosts: " + hosts + ", links: " + links);
      }
      if (messageBytes < 8 || perSecond < 1 || warmUp < 0 || messages < 1) {
        throw new IllegalArgumentException("messages: " + messages + " of " + messageBytes);
      }
    }
  }

  /**
   * What came of it.
   *
   * @param expected deliveries, to all hosts but the publisher's
   * @param duplicates copies beside each delivery
   * @param bytesPerDelivery on the streams of gossipsub, control and copies with it
   */
  public record Result(
      String machine,
      Settings settings,
      long expected,
      long delivered,
      double p50Millis,
      double p99Millis,
      double maxMillis,
      double duplicates,
      double bytesPerDelivery,
      long dropped) {
    /** A table for docs/performance.md. */
    public String markdown() {
      return String.format(
          Locale.ROOT,
          """
          %s. %d hosts, each dials %d, %,d messages of %,d bytes, %d a second in all.

          | delivered | p50 | p99 | max | duplicates per delivery | bytes per delivery |
          |---|---|---|---|---|---|
          | %,d of %,d | %.1f ms | %.1f ms | %.1f ms | %.2f | %,.0f |
          """,
          machine,
          settings.hosts(),
          settings.links(),
          settings.messages(),
          settings.messageBytes(),
          settings.perSecond(),
          delivered,
          expected,
          p50Millis,
          p99Millis,
          maxMillis,
          duplicates,
          bytesPerDelivery);
    }
  }

  private final Settings settings;
  private final RandomGenerator random;
  private final List<Host> hosts = new ArrayList<>();
  private final List<Gossipsub> peers = new ArrayList<>();
  private final int all;

  /** When each message was published. */
  private final AtomicLongArray sent;

  /** When each host had each message: by message, then by host. */
  private final AtomicLongArray arrived;

  private final CountDownLatch missing;

  private GossipsubBenchmark(Settings settings) {
    this.settings = settings;
    this.random = new SplittableRandom(settings.seed());
    this.all = settings.warmUp() + settings.messages();
    this.sent = new AtomicLongArray(all);
    this.arrived = new AtomicLongArray(all * settings.hosts());
    this.missing = new CountDownLatch(all * (settings.hosts() - 1));
  }

  /** Blocks until all have everything, or {@code ARRIVAL} is over. */
  public static Result run(Settings settings) throws IOException, InterruptedException {
    try (GossipsubBenchmark benchmark = new GossipsubBenchmark(settings)) {
      benchmark.start();
      benchmark.publish();
      boolean complete = benchmark.missing.await(ARRIVAL.toMillis(), TimeUnit.MILLISECONDS);
      return benchmark.result(complete);
    }
  }

  private void start() throws IOException, InterruptedException {
    for (int i = 0; i < settings.hosts(); i++) {
      Host host =
          new HostBuilder(Keys.generate(KeyType.ED25519, new SecureRandom()))
              .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
              .start();
      hosts.add(host);
      Gossipsub peer = Gossipsub.start(host, GossipsubConfig.defaults());
      peers.add(peer);
      int index = i;
      peer.subscribe(TOPIC, message -> arrived(message, index));
    }
    for (int i = 0; i < hosts.size(); i++) {
      // The next one, so that nobody is alone, and some others.
      for (int link = 0; link < settings.links(); link++) {
        int to = (i + (link == 0 ? 1 : 1 + random.nextInt(hosts.size() - 1))) % hosts.size();
        Host other = hosts.get(to);
        hosts.get(i).connect(other.id(), other.listenAddresses(), DIAL);
      }
    }
    awaitMeshes();
  }

  /** A mesh grows at heartbeats; where there are few neighbours they all are in it. */
  private void awaitMeshes() throws InterruptedException {
    long end = System.nanoTime() + MESHES.toNanos();
    for (int i = 0; i < peers.size(); i++) {
      int least = Math.min(4, hosts.get(i).connections().size());
      while (peers.get(i).mesh(TOPIC).size() < least && System.nanoTime() < end) {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
  }

  private void arrived(Message message, int host) {
    int number = ByteBuffer.wrap(message.data()).getInt();
    if (arrived.compareAndSet(number * hosts.size() + host, 0, System.nanoTime())) {
      missing.countDown();
    }
  }

  private void publish() throws InterruptedException {
    long interval = TimeUnit.SECONDS.toNanos(1) / settings.perSecond();
    long begin = System.nanoTime();
    for (int number = 0; number < all; number++) {
      for (long left = interval; left > 0; left = begin + number * interval - System.nanoTime()) {
        LockSupport.parkNanos(left);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      byte[] data = new byte[settings.messageBytes()];
      ByteBuffer.wrap(data).putInt(number);
      sent.set(number, System.nanoTime());
      peers.get(random.nextInt(peers.size())).publish(TOPIC, data);
    }
  }

  private Result result(boolean complete) throws IOException, InterruptedException {
    long delivered = 0;
    long dropped = 0;
    long copies = 0;
    long bytes = 0;
    long[] nanos = new long[settings.messages() * hosts.size()];
    int timed = 0;
    for (int number = 0; number < all; number++) {
      for (int host = 0; host < hosts.size(); host++) {
        long at = arrived.get(number * hosts.size() + host);
        if (at != 0) {
          delivered++;
          if (number >= settings.warmUp()) {
            nanos[timed++] = at - sent.get(number);
          }
        }
      }
    }
    for (Gossipsub peer : peers) {
      GossipsubStats stats = peer.stats();
      dropped += stats.droppedForSlowPeers();
      copies += stats.router().duplicates();
      bytes += stats.bytesSent();
    }
    long[] sorted = Arrays.copyOf(nanos, timed);
    Arrays.sort(sorted);
    long expected = (long) all * (hosts.size() - 1);
    if (complete != (delivered == expected)) {
      throw new IllegalStateException("delivered " + delivered + " of " + expected);
    }
    return new Result(
        MachineDetails.here().sentence(),
        settings,
        expected,
        delivered,
        millis(sorted, 0.5),
        millis(sorted, 0.99),
        millis(sorted, 1),
        (double) copies / Math.max(1, delivered),
        (double) bytes / Math.max(1, delivered),
        dropped);
  }

  private static double millis(long[] sorted, double share) {
    return sorted.length == 0
        ? 0
        : sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))] / 1e6;
  }

  @Override
  public void close() {
    peers.forEach(Gossipsub::close);
    hosts.forEach(Host::close);
  }
}
