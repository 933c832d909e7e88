package dev.kith.libp2p.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResourcesTest {
  private static final PeerId A = Keys.fromSeed(KeyType.ED25519, 1).publicKey().peerId();
  private static final PeerId B = Keys.fromSeed(KeyType.ED25519, 2).publicKey().peerId();
  private static final ResourceLimits LIMITS =
      new ResourceLimits(
          new ScopeLimits(6, 6, 8, 20, 20, 30),
          new ScopeLimits(4, 4, 6, 10, 10, 10),
          new ScopeLimits(2, 2, 3, 6, 6, 8),
          ScopeLimits.ofStreams(5, 5, 5),
          ScopeLimits.ofStreams(3, 3, 4),
          3,
          2,
          true,
          new MemoryLimits(1_000, 600, 1_000, 600, 1_000, 600));

  private final List<Refusal> refusals = new ArrayList<>();
  private final List<ConnectionScope> opened = new ArrayList<>();
  private final Resources resources = new Resources(LIMITS, System::nanoTime, refusals::add);

  @AfterEach
  void everythingIsGivenBack() {
    opened.forEach(ConnectionScope::close);
    opened.forEach(ConnectionScope::close);
    assertThat(resources.usage()).isEqualTo(Usage.NONE);
    assertThat(resources.transientUsage()).isEqualTo(Usage.NONE);
    assertThat(resources.scopes()).isZero();
  }

  private ConnectionScope connection(Direction direction, String ip) throws Exception {
    ConnectionScope scope = resources.connection(direction, Optional.of(InetAddress.ofLiteral(ip)));
    opened.add(scope);
    return scope;
  }

  private ConnectionScope connection(PeerId peer) throws Exception {
    ConnectionScope scope = connection(Direction.INBOUND, "10.0.0." + opened.size());
    scope.identify(peer);
    return scope;
  }

  private void assertRefused(
      String scope, org.assertj.core.api.ThrowableAssert.ThrowingCallable c) {
    assertThatExceptionOfType(LimitReachedException.class).isThrownBy(c);
    assertThat(refusals.getLast().scope()).isEqualTo(scope);
  }

  @Test
  void handshakes_areBoundedUntilTheirPeerIsKnown() throws Exception {
    for (int i = 0; i < 4; i++) {
      connection(Direction.INBOUND, "10.0.0." + i);
    }
    assertRefused("transient", () -> connection(Direction.INBOUND, "10.0.0.9"));
    assertThat(refusals.getLast().abuse()).isFalse();
    opened.getFirst().identify(A);
    connection(Direction.INBOUND, "10.0.0.9");
  }

  @Test
  void subnet_isBoundedInHandshakesAndConnections() throws Exception {
    ConnectionScope first = connection(Direction.INBOUND, "10.0.0.1");
    connection(Direction.INBOUND, "10.0.0.1");
    assertRefused("subnet", () -> connection(Direction.INBOUND, "10.0.0.1"));
    assertThat(refusals.getLast().abuse()).isTrue();
    assertThat(refusals.getLast().toString()).contains("10.0.0.1/32");
    first.identify(A);
    connection(Direction.INBOUND, "10.0.0.1").identify(B);
    assertRefused("subnet", () -> connection(Direction.INBOUND, "10.0.0.1"));
    first.close();
    connection(Direction.INBOUND, "10.0.0.1");
  }

  @Test
  void subnet_countsWhatItDialsAndNotWhatIsDialled() throws Exception {
    for (int i = 0; i < 3; i++) {
      connection(Direction.OUTBOUND, "10.0.0.1");
    }
    connection(Direction.INBOUND, "10.0.0.1");
    connection(Direction.INBOUND, "10.0.0.1");
    assertRefused("subnet", () -> connection(Direction.INBOUND, "10.0.0.1"));
    connection(Direction.OUTBOUND, "10.0.0.1");
  }

  @Test
  void subnet_ofIpv6IsWhatASubscriberHas() throws Exception {
    connection(Direction.INBOUND, "2001:db8:0:1100::1");
    connection(Direction.INBOUND, "2001:db8:0:11ff::2");
    assertRefused("subnet", () -> connection(Direction.INBOUND, "2001:db8:0:1142::3"));
    connection(Direction.INBOUND, "2001:db8:0:1200::1");
  }

  @Test
  void subnet_ofThisMachineIsNotBoundedByDefault() throws Exception {
    Resources standard = new Resources(ResourceLimits.STANDARD, System::nanoTime, refusals::add);
    for (int i = 0; i < 100; i++) {
      standard.connection(Direction.INBOUND, Optional.of(InetAddress.ofLiteral("127.0.0.1")));
    }
    assertThat(standard.usage().connections()).isEqualTo(100);
  }

  @Test
  void peer_isBoundedAndLeavesTheRestToOthers() throws Exception {
    connection(A);
    connection(A);
    assertRefused("peer", () -> connection(A));
    opened.getLast().close();
    connection(B);
    assertThat(resources.usage(A).connections()).isEqualTo(2);
    assertThat(resources.usage(B).connections()).isEqualTo(1);
  }

  @Test
  void streams_areBoundedByProtocolAndPeer() throws Exception {
    ConnectionScope a = connection(A);
    for (int i = 0; i < 3; i++) {
      a.stream(Direction.INBOUND).protocol("/x");
    }
    StreamScope refused = a.stream(Direction.INBOUND);
    assertRefused("peer and protocol /x", () -> refused.protocol("/x"));
    assertThat(refusals.getLast().abuse()).isTrue();
    refused.close();
    ConnectionScope b = connection(B);
    b.stream(Direction.INBOUND).protocol("/x");
    b.stream(Direction.INBOUND).protocol("/x");
    StreamScope third = b.stream(Direction.INBOUND);
    assertRefused("protocol /x", () -> third.protocol("/x"));
    third.protocol("/y");
    third.close();
    third.close();
    assertThat(resources.usage(B).streams()).isEqualTo(2);
    for (int i = 0; i < 3; i++) {
      a.stream(Direction.INBOUND);
    }
    assertRefused("peer", () -> a.stream(Direction.INBOUND));
  }

  @Test
  void streams_comeAfterTheHandshakeAndEndWithTheirConnection() throws Exception {
    ConnectionScope early = connection(Direction.INBOUND, "10.0.0.1");
    assertThatIllegalStateException().isThrownBy(() -> early.stream(Direction.INBOUND));
    early.identify(A);
    StreamScope stream = early.stream(Direction.OUTBOUND);
    early.close();
    ConnectionScope cut = connection(Direction.INBOUND, "10.0.0.2");
    cut.close();
    assertThatIOException().isThrownBy(() -> cut.identify(A));
    stream.protocol("/x");
    stream.close();
    early.stream(Direction.OUTBOUND).close();
    assertThat(resources.usage()).isEqualTo(Usage.NONE);
  }

  @Test
  void memory_isCountedForThePeerAndInAll() throws Exception {
    ConnectionScope a1 = connection(A);
    ConnectionScope a2 = connection(A);
    ConnectionScope b = connection(B);
    assertThat(a1.received().add(400)).isTrue();
    assertThat(a2.received().add(300)).as("beyond the peer's share").isFalse();
    assertThat(b.received().add(200)).isTrue();
    assertThat(b.received().add(200)).as("beyond all").isFalse();
    assertThat(resources.usage(A).receivedBytes()).isEqualTo(700);
    assertThat(resources.usage().receivedBytes()).isEqualTo(1_100);
    assertThat(a1.growth().take(500)).isTrue();
    assertThat(a2.growth().take(200)).isFalse();
    assertThat(b.growth().take(500)).isTrue();
    assertThat(resources.usage().growthBytes()).isEqualTo(1_000);
    a1.close(); // what its streams held is given back later, and finds its way
    a1.received().release(400);
    a2.received().release(300);
    b.received().release(400);
    a1.growth().release(500);
    b.growth().release(500);
  }

  @Test
  void everything_isExactUnderConcurrency() throws Exception {
    AtomicInteger streamsOpen = new AtomicInteger();
    AtomicInteger worst = new AtomicInteger();
    Resources shared = new Resources(LIMITS, System::nanoTime, _ -> {});
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        long seed = i;
        done.add(
            threads.submit(
                () -> {
                  start.await();
                  Random random = new Random(seed);
                  for (int round = 0; round < 2_000; round++) {
                    churn(shared, random, streamsOpen, worst);
                  }
                  return seed;
                }));
      }
      start.countDown();
      for (Future<?> future : done) {
        future.get();
      }
    }
    assertThat(worst.get()).isBetween(1, LIMITS.system().streams());
    assertThat(shared.usage()).isEqualTo(Usage.NONE);
    assertThat(shared.transientUsage()).isEqualTo(Usage.NONE);
    assertThat(shared.scopes()).isZero();
  }

  private static void churn(
      Resources shared, Random random, AtomicInteger open, AtomicInteger worst) {
    Direction direction = Direction.of(random.nextBoolean());
    try (ConnectionScope scope =
        shared.connection(
            direction, Optional.of(InetAddress.ofLiteral("10.0.0." + random.nextInt(4))))) {
      if (random.nextInt(4) == 0) {
        return;
      }
      scope.identify(random.nextBoolean() ? A : B);
      for (int i = random.nextInt(8); i > 0; i--) {
        StreamScope stream = scope.stream(Direction.of(random.nextBoolean()));
        worst.accumulateAndGet(shared.usage().streams(), Math::max);
        if (random.nextBoolean()) {
          stream.protocol(random.nextBoolean() ? "/x" : "/y");
        }
        open.incrementAndGet();
        if (random.nextBoolean()) {
          stream.close();
        }
      }
    } catch (java.io.IOException expected) {
      open.decrementAndGet();
    }
  }

  @Test
  void log_writesOneLineForEachCulpritAndMinute() {
    RefusalLog log = new RefusalLog();
    Refusal ofA =
        new Refusal(
            Optional.of(A), Optional.empty(), "peer", Refusal.What.STREAM, Direction.INBOUND);
    Refusal ofB =
        new Refusal(
            Optional.of(B), Optional.empty(), "peer", Refusal.What.STREAM, Direction.INBOUND);
    long minute = 60_000_000_000L;
    assertThat(log.line(ofA, 5)).contains(ofA.toString());
    for (int i = 0; i < 1_000; i++) {
      assertThat(log.line(ofA, 6 + i)).isEmpty();
    }
    assertThat(log.line(ofB, 7)).isPresent();
    assertThat(log.line(ofA, 5 + minute).orElseThrow()).contains("1000 times");
  }

  @Test
  void log_isBoundedHoweverManyCulpritsThereAre() {
    RefusalLog log = new RefusalLog();
    int lines = 0;
    for (int i = 0; i < 3 * RefusalLog.CULPRITS_MAX; i++) {
      Refusal refusal =
          new Refusal(
              Optional.empty(),
              Optional.empty(),
              "scope " + i,
              Refusal.What.CONNECTION,
              Direction.INBOUND);
      lines += log.line(refusal, i).isPresent() ? 1 : 0;
    }
    assertThat(lines).isEqualTo(RefusalLog.CULPRITS_MAX + 1);
  }
}
