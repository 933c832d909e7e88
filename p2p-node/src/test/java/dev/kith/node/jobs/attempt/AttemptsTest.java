package dev.kith.node.jobs.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.kith.ledger.codec.Hash;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.KeyType;
import dev.kith.libp2p.identity.Keys;
import dev.kith.libp2p.memory.MemoryNetwork;
import dev.kith.node.compute.ComputeLimits;
import dev.kith.node.compute.PartExecutor;
import dev.kith.node.compute.PartOutcome;
import dev.kith.node.compute.PartOutcome.Answered;
import dev.kith.node.compute.PartOutcome.Reason;
import dev.kith.node.compute.PartWork;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ends of the attempt protocol over hosts in memory. */
class AttemptsTest {
  private static final String PROTOCOL = "/kith/0000000000000000/work/1";
  private static final byte[] PROGRAM = new byte[100_000];
  private static final Bytes32 HASH = Hash.sha256(Bytes.wrap(PROGRAM));

  @TempDir private Path folder;
  private final MemoryNetwork network = new MemoryNetwork();
  private final Host asker = network.host(Keys.fromSeed(KeyType.SECP256K1, 1));
  private final Host worker = network.host(Keys.fromSeed(KeyType.SECP256K1, 2));
  private final Executor executor = new Executor();
  private Attempts attempts;

  @BeforeEach
  void start() {
    attempts = Attempts.start(asker, PROTOCOL, new Executor(), folder, peer -> true);
    Attempts.start(worker, PROTOCOL, executor, folder, peer -> peer.equals(asker.id()));
    asker.addressBook().add(worker.id(), worker.listenAddresses(), Duration.ofDays(1));
    worker.addressBook().add(asker.id(), asker.listenAddresses(), Duration.ofDays(1));
  }

  @AfterEach
  void stop() {
    network.close();
  }

  @Test
  void answer_comesWithItsHashAndSignature() throws Exception {
    executor.program = (stdin, stdout) -> stdin.transferTo(stdout);
    byte[] content = bytes(2_000_000);
    AttemptResult.Answered answer = answered(run(content));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    answer.spool().transferTo(out);
    assertThat(out.toByteArray()).isEqualTo(content);
    assertThat(answer.hash()).isEqualTo(Hash.sha256(Bytes.wrap(content)));
    answer.spool().close();
    assertFolderEmpty();
  }

  @Test
  void answerOfAProgramThatIgnoresItsInput_isTaken() throws Exception {
    executor.program = (stdin, stdout) -> stdout.write(7);
    try (AnswerSpool spool = answered(run(bytes(8_000_000))).spool()) {
      assertThat(spool.bytes()).isEqualTo(1);
    }
  }

  @Test
  void cancel_reachesAProgramThatDoesNotReadItsInput() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    executor.program =
        (stdin, stdout) -> {
          running.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            cancelled.countDown();
            throw e;
          }
        };
    FutureTask<AttemptResult> task = new FutureTask<>(() -> run(bytes(8_000_000)));
    Thread thread = Thread.ofVirtual().start(task);
    running.await();
    thread.interrupt();
    assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    assertThat(task.exceptionNow()).isInstanceOf(InterruptedException.class);
    await().until(() -> executor.turns.get() == 0);
    assertFolderEmpty();
  }

  @Test
  void cancel_thatComesAfterTheAnswerDoesNotLoseIt() throws Exception {
    executor.program = (stdin, stdout) -> stdout.write(7);
    answered(run(new byte[0])).spool().close(); // From here on the program is there.
    FutureTask<AttemptResult> task =
        new FutureTask<>(
            () ->
                attempts.run(
                    worker.id(), request(), interruptsLate(Thread.currentThread()), () -> {}));
    Thread thread = Thread.ofPlatform().start(task);
    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    try (AnswerSpool spool = answered(task.get()).spool()) {
      assertThat(spool.bytes()).isEqualTo(1);
    }
  }

  /** Its stdin blocks until the answer is there, and the client waits for who reads it. */
  private static AttemptInput interruptsLate(Thread client) {
    return new AttemptInput() {
      @Override
      public InputStream openStdin() {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          await().until(() -> client.getState() == Thread.State.WAITING);
          client.interrupt();
        }
        return InputStream.nullInputStream();
      }

      @Override
      public InputStream openProgram() {
        return new ByteArrayInputStream(PROGRAM);
      }
    };
  }

  @Test
  void program_isSentOnceToManyAttempts() throws Exception {
    executor.program = (stdin, stdout) -> stdout.write(1);
    List<FutureTask<AttemptResult>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      FutureTask<AttemptResult> task = new FutureTask<>(() -> run(new byte[10]));
      tasks.add(task);
      Thread.ofVirtual().start(task);
    }
    for (FutureTask<AttemptResult> task : tasks) {
      answered(task.get()).spool().close();
    }
    assertThat(executor.added.get()).isEqualTo(1);
  }

  @Test
  void failures_areTold() throws Exception {
    executor.outcome = Optional.of(new PartOutcome.Failed(Reason.TIME, "did not end within 3 s"));
    assertThat(run(new byte[0]))
        .isEqualTo(new AttemptResult.Failed(Reason.TIME, "did not end within 3 s"));
    executor.full = true;
    assertThat(run(new byte[0])).isEqualTo(new AttemptResult.Busy());
  }

  @Test
  void peerThatVanishes_isLost() throws Exception {
    executor.program = (stdin, stdout) -> network.stop(worker.id());
    assertThat(run(new byte[0])).isInstanceOf(AttemptResult.Lost.class);
    assertThat(run(new byte[0])).isInstanceOf(AttemptResult.Lost.class);
  }

  @Test
  void stranger_isNotServed() throws Exception {
    Host stranger = network.host(Keys.fromSeed(KeyType.SECP256K1, 3));
    stranger.addressBook().add(worker.id(), worker.listenAddresses(), Duration.ofDays(1));
    Attempts its = Attempts.start(stranger, PROTOCOL, new Executor(), folder, peer -> true);
    assertThat(its.run(worker.id(), request(), input(new byte[0]), () -> {}))
        .isInstanceOf(AttemptResult.Lost.class);
    assertThat(executor.turns.get()).isZero();
  }

  @Test
  void programThatDoesNotHaveItsHash_isNotKept() throws Exception {
    AttemptRequest request =
        new AttemptRequest(Bytes32.ZERO, 0, 1, 0, Bytes32.ZERO, PROGRAM.length, 1000, List.of("p"));
    assertThat(attempts.run(worker.id(), request, input(new byte[0]), () -> {}))
        .isInstanceOf(AttemptResult.Lost.class);
    assertThat(executor.programs).isEmpty();
  }

  @Test
  void messages_surviveEncodingAndRefuseDamage() throws IOException {
    List<AttemptMessage> messages =
        List.of(
            new AttemptMessage.Request(request()),
            new AttemptMessage.Busy(),
            new AttemptMessage.NeedProgram(),
            new AttemptMessage.Accepted(),
            new AttemptMessage.Data(Bytes.of(1, 2, 3)),
            new AttemptMessage.End(),
            new AttemptMessage.Alive(),
            new AttemptMessage.Answer(HASH, 5, Bytes.wrap(new byte[64])),
            new AttemptMessage.Failure(Reason.WORKER_LOST, "ünerwartet"));
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (AttemptMessage message : messages) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      AttemptMessage.write(out, message);
      assertThat(read(out.toByteArray())).isEqualTo(message);
      for (int i = 0; i < 2_000; i++) {
        byte[] damaged = out.toByteArray();
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        try {
          read(damaged);
        } catch (IOException e) {
          assertThat(e).isNotNull();
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed, e);
        }
      }
    }
    assertThatExceptionOfType(ProtocolViolationException.class)
        .isThrownBy(() -> read(new byte[] {5, 0x7f, -1, -1, -1}));
  }

  private static AttemptMessage read(byte[] bytes) throws IOException {
    return AttemptMessage.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  private AttemptResult run(byte[] stdin) throws Exception {
    return attempts.run(worker.id(), request(), input(stdin), () -> {});
  }

  private static AttemptResult.Answered answered(AttemptResult result) {
    assertThat(result).isInstanceOf(AttemptResult.Answered.class);
    return (AttemptResult.Answered) result;
  }

  private static AttemptRequest request() {
    return new AttemptRequest(
        Bytes32.repeat((byte) 1), 2, 5, 0, HASH, PROGRAM.length, 60_000, List.of("p", "größe"));
  }

  private static AttemptInput input(byte[] stdin) {
    return new AttemptInput() {
      @Override
      public InputStream openStdin() {
        return new ByteArrayInputStream(stdin);
      }

      @Override
      public InputStream openProgram() {
        return new ByteArrayInputStream(PROGRAM);
      }
    };
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private void assertFolderEmpty() throws IOException {
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  /** What the program does. */
  private interface Program {
    void run(InputStream stdin, OutputStream stdout) throws IOException, InterruptedException;
  }

  private static final class Executor implements PartExecutor {
    final Set<Bytes32> programs = ConcurrentHashMap.newKeySet();
    final AtomicInteger added = new AtomicInteger();
    final AtomicInteger turns = new AtomicInteger();
    volatile Program program = (stdin, stdout) -> {};
    volatile Optional<PartOutcome> outcome = Optional.empty();
    volatile boolean full;

    @Override
    public ComputeLimits limits() {
      return ComputeLimits.ofSlots(8);
    }

    @Override
    public List<String> capabilities() {
      return List.of();
    }

    @Override
    public boolean hasProgram(Bytes32 hash) {
      return programs.contains(hash);
    }

    @Override
    public boolean addProgram(Bytes32 hash, InputStream content, long length) throws IOException {
      boolean same = Hash.sha256(Bytes.wrap(content.readNBytes((int) length))).equals(hash);
      if (same) {
        added.incrementAndGet();
        programs.add(hash);
      }
      return same;
    }

    @Override
    public Optional<PartOutcome.Failed> prepare(Bytes32 hash) {
      return Optional.empty();
    }

    @Override
    public Optional<Turn> enter(int rank) {
      if (full) {
        return Optional.empty();
      }
      turns.incrementAndGet();
      return Optional.of(
          new Turn() {
            @Override
            public void await() {}

            @Override
            public void close() {
              turns.decrementAndGet();
            }
          });
    }

    @Override
    public PartOutcome run(PartWork work, InputStream stdin, OutputStream stdout)
        throws IOException, InterruptedException {
      program.run(stdin, stdout);
      return outcome.orElse(new Answered(0));
    }
  }
}
