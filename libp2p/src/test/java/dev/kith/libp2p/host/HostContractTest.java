package dev.kith.libp2p.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.libp2p.multiaddr.Multiaddr;
import dev.kith.libp2p.ping.Ping;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Host} promises; each implementation has a subclass. */
public abstract class HostContractTest {
  protected static final Duration SOON = Duration.ofSeconds(20);
  private static final String ECHO = "/test/echo/1";

  private final List<Host> hosts = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Host a;
  private Host b;

  protected abstract Host newHost(PrivateKey key, AdmissionPolicy admission) throws Exception;

  /** The keys' type; a subclass may run the suite once for each. */
  protected KeyType keyType() {
    return KeyType.SECP256K1;
  }

  private Host host(long seed, AdmissionPolicy admission) throws Exception {
    Host host = newHost(Keys.fromSeed(keyType(), seed), admission);
    hosts.add(host);
    return host;
  }

  @BeforeEach
  void startTwoHosts() throws Exception {
    a = host(1, AdmissionPolicy.OPEN);
    b = host(2, AdmissionPolicy.OPEN);
    a.addressBook().add(b.id(), b.listenAddresses(), Duration.ofHours(1));
    b.serve(ECHO, stream -> stream.input().transferTo(stream.output()));
  }

  @AfterEach
  void closeHosts() {
    hosts.forEach(Host::close);
    threads.shutdownNow();
  }

  private Stream open(String protocol) throws IOException, InterruptedException {
    Stream stream = a.open(b.id(), SOON, protocol);
    stream.timeout(SOON);
    return stream;
  }

  @Test
  void connect_isSeenFromBothSides() throws Exception {
    Connection connection = a.connect(b.id(), b.listenAddresses(), SOON);
    assertThat(connection.remotePeer()).isEqualTo(b.id());
    assertThat(connection.remoteKey()).isEqualTo(b.key().publicKey());
    assertThat(connection.outbound()).isTrue();
    assertThat(connection.open()).isTrue();
    assertThat(connection.remoteAddress()).isIn(b.listenAddresses());
    await().until(() -> b.connectedTo(a.id()));
    Connection back = b.connections().getFirst();
    assertThat(back.outbound()).isFalse();
    assertThat(back.remotePeer()).isEqualTo(a.id());
    assertThat(back.remoteKey()).isEqualTo(a.key().publicKey());
  }

  @Test
  void connect_returnsTheConnectionThatIsOpen() throws Exception {
    Connection first = a.connect(b.id(), SOON);
    assertThat(a.connect(b.id(), SOON)).isSameAs(first);
    await().until(() -> b.connectedTo(a.id()));
    Connection back = b.connect(a.id(), SOON);
    assertThat(back.outbound()).isFalse();
    assertThat(a.connections()).hasSize(1);
  }

  @Test
  void connect_takesTheFirstAddressThatAnswers() throws Exception {
    Host gone = host(3, AdmissionPolicy.OPEN);
    List<Multiaddr> addresses = new ArrayList<>(gone.listenAddresses());
    gone.close();
    addresses.addAll(b.listenAddresses());
    assertThat(a.connect(b.id(), addresses, SOON).remotePeer()).isEqualTo(b.id());
  }

  @Test
  void connect_failsWhenAnotherPeerAnswers() throws Exception {
    PeerId other = Keys.fromSeed(keyType(), 99).publicKey().peerId();
    assertThatIOException().isThrownBy(() -> a.connect(other, b.listenAddresses(), SOON));
    assertThat(a.connections()).isEmpty();
    await().until(() -> b.connections().isEmpty());
  }

  @Test
  void connect_failsWithoutAnAddressAndToItself() {
    PeerId unknown = Keys.fromSeed(keyType(), 98).publicKey().peerId();
    assertThatIOException().isThrownBy(() -> a.connect(unknown, SOON));
    assertThatIOException().isThrownBy(() -> a.connect(a.id(), a.listenAddresses(), SOON));
  }

  @Test
  void connect_isSharedByManyCallersAtOnce() throws Exception {
    List<Future<Connection>> dials = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      dials.add(threads.submit(() -> a.connect(b.id(), SOON)));
    }
    Connection first = dials.getFirst().get();
    for (Future<Connection> dial : dials) {
      assertThat(dial.get()).isSameAs(first);
    }
  }

  @Test
  void connect_fromBothSidesAtOnceLeavesBothUsable() throws Exception {
    b.addressBook().add(a.id(), a.listenAddresses(), Duration.ofHours(1));
    a.serve(ECHO, stream -> stream.input().transferTo(stream.output()));
    CyclicBarrier start = new CyclicBarrier(2);
    Callable<String> there = () -> echoAfter(start, a, b);
    Callable<String> back = () -> echoAfter(start, b, a);
    Future<String> one = threads.submit(there);
    Future<String> two = threads.submit(back);
    assertThat(one.get()).isEqualTo("hello");
    assertThat(two.get()).isEqualTo("hello");
  }

  private static String echoAfter(CyclicBarrier start, Host from, Host to) throws Exception {
    start.await();
    try (Stream stream = from.open(to.id(), SOON, ECHO)) {
      stream.timeout(SOON);
      stream.output().write("hello".getBytes(UTF_8));
      stream.closeWrite();
      return new String(stream.input().readAllBytes(), UTF_8);
    }
  }

  @Test
  void open_agreesOnTheFirstProtocolThatIsServed() throws Exception {
    try (Stream stream = a.open(b.id(), SOON, "/test/none/1", ECHO, Ping.PROTOCOL)) {
      assertThat(stream.protocol()).isEqualTo(ECHO);
      assertThat(stream.remotePeer()).isEqualTo(b.id());
      assertThat(stream.connection().remotePeer()).isEqualTo(b.id());
    }
    assertThat(b.protocols()).contains(ECHO, Ping.PROTOCOL);
  }

  @Test
  void open_failsWhereNoProtocolIsServed() throws Exception {
    assertThatExceptionOfType(UnsupportedProtocolException.class)
        .isThrownBy(() -> a.open(b.id(), SOON, "/test/none/1", "/test/none/2"));
    b.stopServing(ECHO);
    assertThatExceptionOfType(UnsupportedProtocolException.class)
        .isThrownBy(() -> a.open(b.id(), SOON, ECHO));
    assertThat(a.connectedTo(b.id())).isTrue();
  }

  @Test
  void open_isRefusedByTheAdmissionPolicy() throws Exception {
    Host strict = host(4, (peer, protocol) -> protocol.equals("/test/open/1"));
    strict.serve("/test/open/1", stream -> {});
    strict.serve("/test/members/1", stream -> {});
    a.addressBook().add(strict.id(), strict.listenAddresses(), Duration.ofHours(1));
    a.open(strict.id(), SOON, "/test/open/1").close();
    assertThatExceptionOfType(UnsupportedProtocolException.class)
        .isThrownBy(() -> a.open(strict.id(), SOON, "/test/members/1"));
  }

  @Test
  void stream_carriesMebibytesInBothDirections() throws Exception {
    byte[] data = new byte[5 << 20];
    new Random(5).nextBytes(data);
    try (Stream stream = open(ECHO)) {
      Future<byte[]> echo = threads.submit(() -> stream.input().readAllBytes());
      int at = 0;
      for (int size = 1; at < data.length; size = size * 3 + 1) {
        int part = Math.min(Math.min(size, 700_000), data.length - at);
        stream.output().write(data, at, part);
        at += part;
      }
      stream.closeWrite();
      assertThat(Arrays.equals(echo.get(), data)).isTrue();
    }
  }

  @Test
  void stream_answersAfterTheOtherSideClosed() throws Exception {
    b.serve(
        "/test/count/1",
        stream -> {
          int size = stream.input().readAllBytes().length;
          stream.output().write(Integer.toString(size).getBytes(UTF_8));
        });
    try (Stream stream = open("/test/count/1")) {
      stream.output().write(new byte[100_000]);
      stream.closeWrite();
      assertThat(stream.input().readAllBytes()).isEqualTo("100000".getBytes(UTF_8));
      assertThatIOException().isThrownBy(() -> stream.output().write(1));
    }
  }

  @Test
  void stream_endIsSeenAgainAndAgain() throws Exception {
    b.serve("/test/end/1", stream -> {});
    try (Stream stream = open("/test/end/1")) {
      assertThat(stream.input().read()).isEqualTo(-1);
      assertThat(stream.input().read(new byte[10])).isEqualTo(-1);
    }
  }

  @Test
  void stream_slowsTheWriterDownToTheReader() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger received = new AtomicInteger();
    b.serve(
        "/test/slow/1",
        stream -> {
          go.await();
          stream.timeout(SOON);
          received.set(stream.input().readAllBytes().length);
        });
    int size = 48 << 20;
    try (Stream stream = open("/test/slow/1")) {
      stream.timeout(Duration.ofMillis(500));
      byte[] block = new byte[1 << 20];
      int blocked = -1;
      for (int i = 0; i < size >> 20 && blocked < 0; i++) {
        try {
          stream.output().write(block);
        } catch (SocketTimeoutException e) {
          blocked = i;
        }
      }
      assertThat(blocked).as("MiB written before the writer blocked").isBetween(0, 40);
      stream.reset();
    } finally {
      go.countDown();
    }
  }

  @Test
  void read_endsAtItsTimeoutAndTheStreamGoesOn() throws Exception {
    try (Stream stream = open(ECHO)) {
      stream.timeout(Duration.ofMillis(50));
      assertThatExceptionOfType(SocketTimeoutException.class)
          .isThrownBy(() -> stream.input().read());
      stream.timeout(SOON);
      stream.output().write(7);
      assertThat(stream.input().read()).isEqualTo(7);
    }
  }

  /**
   * Windows that open again wake a reader that has nothing to read; it must not take that for late.
   */
  @Test
  void timeout_thatIsSetWhileAReaderWaitsDoesNotEndItsRead() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    b.serve(
        "/test/slow/1",
        stream -> {
          stream.timeout(SOON);
          stream.input().readNBytes(1 << 20);
          written.countDown();
          stream.output().write(stream.input().read());
        });
    try (Stream stream = a.open(b.id(), SOON, "/test/slow/1")) {
      FutureTask<Integer> reader = new FutureTask<>(() -> stream.input().read());
      Thread thread = Thread.ofPlatform().daemon().start(reader);
      await().until(() -> thread.getState() == Thread.State.WAITING);
      stream.timeout(SOON);
      stream.output().write(new byte[1 << 20]);
      assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
      stream.output().write(7);
      assertThat(reader.get(20, TimeUnit.SECONDS)).isEqualTo(7);
    }
  }

  @Test
  void reset_isSeenByTheRemoteReaderAndWriter() throws Exception {
    CountDownLatch served = new CountDownLatch(1);
    AtomicReference<Exception> seen = new AtomicReference<>();
    b.serve(
        "/test/reset/1",
        stream -> {
          try {
            stream.input().readAllBytes();
          } catch (IOException e) {
            seen.set(e);
          }
          served.countDown();
        });
    Stream stream = open("/test/reset/1");
    stream.output().write(1);
    stream.reset();
    stream.reset();
    assertThat(served.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(seen.get()).isInstanceOf(StreamResetException.class);
    assertThatExceptionOfType(StreamResetException.class).isThrownBy(() -> stream.input().read());
    assertThatExceptionOfType(StreamResetException.class)
        .isThrownBy(() -> stream.output().write(1));
  }

  @Test
  void handler_thatThrowsResetsItsStreamOnly() throws Exception {
    b.serve(
        "/test/throw/1",
        stream -> {
          int kind = stream.input().read();
          throw kind == 0 ? new ProtocolViolationException("test") : new IOException("test");
        });
    for (int kind = 0; kind < 2; kind++) {
      Stream stream = open("/test/throw/1");
      stream.output().write(kind);
      assertThatExceptionOfType(StreamResetException.class).isThrownBy(() -> stream.input().read());
    }
    assertThat(a.connectedTo(b.id())).isTrue();
  }

  @Test
  void interrupt_resetsTheStreamOfABlockedReader() throws Exception {
    Stream stream = open(ECHO);
    CountDownLatch done = new CountDownLatch(1);
    AtomicReference<Exception> seen = new AtomicReference<>();
    Thread reader =
        Thread.startVirtualThread(
            () -> {
              try {
                stream.input().read();
              } catch (IOException e) {
                seen.set(e);
              }
              done.countDown();
            });
    await()
        .until(
            () ->
                reader.getState() == Thread.State.WAITING
                    || reader.getState() == Thread.State.TIMED_WAITING);
    reader.interrupt();
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(seen.get())
        .isInstanceOf(InterruptedIOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
    assertThatExceptionOfType(StreamResetException.class)
        .isThrownBy(() -> stream.output().write(1));
  }

  @Test
  void close_dropsWhatStillArrives() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch written = new CountDownLatch(1);
    AtomicReference<Exception> seen = new AtomicReference<>();
    b.serve(
        "/test/late/1",
        stream -> {
          closed.await();
          try {
            stream.output().write(new byte[1000]);
          } catch (IOException e) {
            seen.set(e);
          }
          written.countDown();
        });
    Stream stream = open("/test/late/1");
    stream.close();
    stream.close();
    closed.countDown();
    assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(seen.get()).isNull();
    assertThatIOException().isThrownBy(() -> stream.input().read());
    assertThat(a.connectedTo(b.id())).isTrue();
  }

  @Test
  void streams_runSideBySide() throws Exception {
    List<Future<String>> echoes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String text = "message " + i;
      echoes.add(
          threads.submit(
              () -> {
                try (Stream stream = open(ECHO)) {
                  stream.output().write(text.getBytes(UTF_8));
                  stream.closeWrite();
                  return new String(stream.input().readAllBytes(), UTF_8);
                }
              }));
    }
    for (int i = 0; i < echoes.size(); i++) {
      assertThat(echoes.get(i).get()).isEqualTo("message " + i);
    }
    assertThat(a.connections()).hasSize(1);
  }

  @Test
  void streams_areBoundedAndComeBackWhenTheyEnd() throws Exception {
    List<Stream> open = new ArrayList<>();
    try {
      for (int i = 0; i < 2000; i++) {
        open.add(open(ECHO));
        open.getLast().output().write(1);
        open.getLast().input().read();
      }
    } catch (IOException expected) {
      assertThat(open).hasSizeGreaterThanOrEqualTo(100);
    }
    assertThat(open).hasSizeLessThan(2000);
    open.forEach(Stream::reset);
    await()
        .ignoreExceptions()
        .until(
            () -> {
              try (Stream stream = open(ECHO)) {
                stream.output().write(7);
                return stream.input().read() == 7;
              }
            });
  }

  @Test
  void connection_closeResetsItsStreamsOnBothSides() throws Exception {
    CountDownLatch served = new CountDownLatch(1);
    b.serve(
        "/test/wait/1",
        stream -> {
          try (InputStream in = stream.input()) {
            in.readAllBytes();
          } finally {
            served.countDown();
          }
        });
    Stream stream = open("/test/wait/1");
    stream.output().write(1);
    Connection connection = stream.connection();
    connection.close();
    connection.close();
    assertThat(connection.open()).isFalse();
    assertThatExceptionOfType(StreamResetException.class).isThrownBy(() -> stream.input().read());
    assertThat(served.await(20, TimeUnit.SECONDS)).isTrue();
    await().until(() -> !b.connectedTo(a.id()));
    assertThatIOException().isThrownBy(() -> connection.openStream(SOON, ECHO));
    try (Stream fresh = open(ECHO)) {
      assertThat(fresh.connection()).isNotSameAs(connection);
    }
  }

  @Test
  void listeners_hearOfPeersInOrder() throws Exception {
    List<String> heard = java.util.Collections.synchronizedList(new ArrayList<>());
    b.listener(
        new HostListener() {
          @Override
          public void connected(PeerId peer) {
            heard.add("connected " + peer);
          }

          @Override
          public void disconnected(PeerId peer) {
            heard.add("disconnected " + peer);
          }
        });
    // A connection that ends before its listener has checked who dialled is no news.
    Connection connection = a.connect(b.id(), SOON);
    await().until(() -> heard.size() == 1);
    connection.close();
    await().until(() -> heard.size() == 2);
    assertThat(heard).containsExactly("connected " + a.id(), "disconnected " + a.id());
  }

  @Test
  void identify_tellsBothSidesOfEachOther() throws Exception {
    CompletableFuture<PeerInfo> ofB = new CompletableFuture<>();
    CompletableFuture<PeerInfo> ofA = new CompletableFuture<>();
    a.listener(recorder(b.id(), ofB));
    b.listener(recorder(a.id(), ofA));
    a.connect(b.id(), SOON);
    PeerInfo infoB = ofB.get(20, TimeUnit.SECONDS);
    assertThat(infoB.protocols()).contains(ECHO, Ping.PROTOCOL, "/ipfs/id/1.0.0");
    assertThat(infoB.listenAddresses()).containsAll(b.listenAddresses());
    assertThat(infoB.agentVersion()).startsWith("kith/");
    assertThat(infoB.observedAddress()).isPresent();
    PeerInfo infoA = ofA.get(20, TimeUnit.SECONDS);
    assertThat(infoA.protocols()).doesNotContain(ECHO).contains(Ping.PROTOCOL);
    assertThat(b.addressBook().addresses(a.id())).containsAll(a.listenAddresses());
  }

  private static HostListener recorder(PeerId wanted, CompletableFuture<PeerInfo> seen) {
    return new HostListener() {
      @Override
      public void identified(PeerId peer, PeerInfo info) {
        if (peer.equals(wanted)) {
          seen.complete(info);
        }
      }
    };
  }

  @Test
  void ping_reusesOneStream() throws Exception {
    try (Ping ping = Ping.open(a, b.id(), SOON)) {
      for (int i = 0; i < 10; i++) {
        assertThat(ping.ping(SOON)).isPositive().isLessThan(SOON);
      }
    }
  }

  @Test
  void close_endsEverythingAndMayBeCalledTwice() throws Exception {
    Stream stream = open(ECHO);
    b.close();
    b.close();
    assertThat(b.connections()).isEmpty();
    assertThatIOException().isThrownBy(() -> stream.input().readAllBytes());
    await().until(() -> !a.connectedTo(b.id()));
    assertThatIOException().isThrownBy(() -> a.connect(b.id(), Duration.ofSeconds(2)));
    assertThatIOException().isThrownBy(() -> b.connect(a.id(), a.listenAddresses(), SOON));
  }
}
