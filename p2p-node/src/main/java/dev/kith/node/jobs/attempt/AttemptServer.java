package dev.kith.node.jobs.attempt;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.StreamHandler;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.compute.PartExecutor;
import dev.kith.node.jobs.attempt.AttemptMessage.Accepted;
import dev.kith.node.jobs.attempt.AttemptMessage.Alive;
import dev.kith.node.jobs.attempt.AttemptMessage.Answer;
import dev.kith.node.jobs.attempt.AttemptMessage.Busy;
import dev.kith.node.jobs.attempt.AttemptMessage.End;
import dev.kith.node.jobs.attempt.AttemptMessage.Failure;
import dev.kith.node.jobs.attempt.AttemptMessage.NeedProgram;
import dev.kith.node.jobs.attempt.AttemptMessage.Request;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker's end: serves attempts of members. Thread-safe. */
final class AttemptServer implements StreamHandler {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptServer.class);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration ALIVE_INTERVAL = Duration.ofSeconds(1);

  private final PartRunner runner;
  private final Predicate<PeerId> serves;

  /** One download of a program at a time; the others wait for it. */
  private final Map<Bytes32, ReentrantLock> downloads = new ConcurrentHashMap<>();

  AttemptServer(PartRunner runner, Predicate<PeerId> serves) {
    this.runner = runner;
    this.serves = serves;
  }

  @Override
  public void handle(Stream stream) throws IOException, InterruptedException {
    if (!serves.test(stream.remotePeer())) {
      throw new ProtocolViolationException("an attempt asked by " + stream.remotePeer());
    }
    stream.timeout(REQUEST_TIMEOUT);
    DataInputStream in = new DataInputStream(new BufferedInputStream(stream.input(), 1 << 14));
    if (!(AttemptMessage.read(in) instanceof Request(AttemptRequest request))) {
      throw new ProtocolViolationException("an attempt that does not begin with a request");
    }
    Optional<PartExecutor.Turn> turn = runner.executor().enter(request.rank());
    if (turn.isEmpty()) {
      AttemptMessage.write(stream.output(), new Busy());
      return;
    }
    try (PartExecutor.Turn entered = turn.get()) {
      new Conversation(stream, in, request).run(entered);
    }
  }

  /**
   * One attempt. Its thread runs the part and writes what came of it; one more reads stdin and
   * learns of a cancel, and one says that the attempt is alive.
   */
  private final class Conversation {
    private final Stream stream;
    private final DataInputStream in;
    private final AttemptRequest request;
    private final Thread thread = Thread.currentThread();
    private final BoundedPipe stdin = new BoundedPipe();
    private boolean over;

    Conversation(Stream stream, DataInputStream in, AttemptRequest request) {
      this.stream = stream;
      this.in = in;
      this.request = request;
    }

    /**
     * The helpers are never interrupted: an interrupted read or write resets the stream, and the
     * coordinator may not have read the answer yet. They end when they see that this is over, and
     * when the coordinator, or the host, closes the stream.
     */
    void run(PartExecutor.Turn turn) throws IOException, InterruptedException {
      Thread.ofVirtual().name("attempt-alive").start(this::sayAlive);
      try {
        obtainProgram();
        stream.timeout(Duration.ZERO);
        write(new Accepted());
        Thread.ofVirtual().name("attempt-stdin").start(this::readStdin);
        report(runner.run(request, turn, stdin));
      } finally {
        finish();
        stdin.close();
      }
    }

    /** From here on a reset is nobody's concern; clears an interrupt that came just before. */
    private synchronized void finish() {
      over = true;
      notifyAll();
      Thread.interrupted();
    }

    private synchronized boolean awaitOver(Duration time) throws InterruptedException {
      long deadline = System.nanoTime() + time.toNanos();
      while (!over) {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          break;
        }
        wait(millis);
      }
      return over;
    }

    private synchronized void cancel() {
      if (!over) {
        thread.interrupt();
      }
    }

    private void obtainProgram() throws IOException, InterruptedException {
      if (runner.executor().hasProgram(request.program())) {
        return;
      }
      ReentrantLock lock = downloads.computeIfAbsent(request.program(), _ -> new ReentrantLock());
      lock.lockInterruptibly();
      try {
        if (!runner.executor().hasProgram(request.program())) {
          write(new NeedProgram());
          DataStream content = new DataStream(in);
          boolean whole =
              runner.executor().addProgram(request.program(), content, request.programBytes());
          if (!whole || content.read() >= 0) {
            throw new ProtocolViolationException("a program that does not have its hash");
          }
        }
      } finally {
        lock.unlock();
        if (!lock.hasQueuedThreads()) {
          downloads.remove(request.program(), lock);
        }
      }
    }

    private void report(AttemptResult result) throws IOException {
      switch (result) {
        case AttemptResult.Failed failed -> write(new Failure(failed.reason(), failed.detail()));
        case AttemptResult.Answered answered -> {
          try (AnswerSpool spool = answered.spool()) {
            write(new Answer(answered.hash(), spool.bytes(), answered.signature()));
            spool.transferTo(new DataWriter(this::write));
            write(new End());
          }
        }
        case AttemptResult.Busy _, AttemptResult.Lost _ ->
            throw new IllegalStateException("not what a run comes to");
      }
    }

    /** Writers are the attempt's thread and the one that says that it is alive. */
    private void write(AttemptMessage message) throws IOException {
      synchronized (stream) {
        AttemptMessage.write(stream.output(), message);
      }
    }

    private void readStdin() {
      try (InputStream content = new DataStream(in)) {
        byte[] buffer = new byte[AttemptMessage.DATA_BYTES_MAX];
        for (int n; (n = content.read(buffer, 0, buffer.length)) >= 0; ) {
          stdin.put(Bytes.wrap(java.util.Arrays.copyOf(buffer, n)));
        }
        stdin.end();
        // Nothing more is to come: this returns when the coordinator resets or closes.
        int surplus = in.read();
        LOG.trace("the coordinator ended with {}", surplus);
      } catch (IOException e) {
        LOG.trace("the coordinator went away or cancelled", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      cancel();
    }

    /** A write to a stream that was reset fails: so a cancel is heard while stdin is blocked. */
    private void sayAlive() {
      try {
        while (!awaitOver(ALIVE_INTERVAL)) {
          write(new Alive());
        }
      } catch (IOException e) {
        LOG.trace("the coordinator went away or cancelled", e);
        cancel();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
