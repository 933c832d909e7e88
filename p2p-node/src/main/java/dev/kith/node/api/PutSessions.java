package dev.kith.node.api;

import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.FileService;
import dev.kith.node.files.FileService.PutOptions;
import dev.kith.node.files.PutSession;
import dev.kith.node.files.PutSession.FileSummary;
import dev.kith.node.files.PutSession.PutSummary;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts that span several requests: a folder's files, one a request, then the commit. One request at
 * a time may use a put; one that no request used for a while is abandoned. Thread-safe.
 */
final class PutSessions implements AutoCloseable {
  /** How many puts may be open. */
  static final int OPEN_MAX = 64;

  /** How long a put stays open without a request. */
  static final Duration IDLE_MAX = Duration.ofMinutes(10);

  private final FileService files;
  private final java.security.SecureRandom random = new java.security.SecureRandom();
  private final Map<String, Open> open = new ConcurrentHashMap<>();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("put-sweeper").factory());

  private record Open(PutSession put, ReentrantLock use, AtomicLong usedNanos) {}

  @FunctionalInterface
  private interface Use<T> {
    T with(PutSession put) throws IOException, InterruptedException;
  }

  PutSessions(FileService files) {
    this.files = files;
    var _ = sweeper.scheduleWithFixedDelay(this::sweep, 60, 60, TimeUnit.SECONDS);
  }

  String begin(PutOptions options) throws IOException, InterruptedException {
    if (open.size() >= OPEN_MAX) {
      throw new NodeException(
          Problem.ALREADY_EXISTS, OPEN_MAX + " puts are open already; end one of them first");
    }
    byte[] id = new byte[16];
    random.nextBytes(id);
    String name = HexFormat.of().formatHex(id);
    open.put(
        name, new Open(files.put(options), new ReentrantLock(), new AtomicLong(System.nanoTime())));
    return name;
  }

  /** Adds a file; when that fails the whole put is given up, as its end would be half a file. */
  FileSummary add(String id, String path, InputStream content, long modifiedMillis)
      throws IOException, InterruptedException {
    boolean added = false;
    try {
      FileSummary summary = use(id, put -> put.add(path, content, modifiedMillis));
      added = true;
      return summary;
    } finally {
      if (!added) {
        abandon(id);
      }
    }
  }

  /** Commits it, and forgets it whatever comes of that. */
  PutSummary commit(String id) throws IOException, InterruptedException {
    try {
      return use(id, PutSession::commit);
    } finally {
      abandon(id);
    }
  }

  /** Bytes that are safe so far; may be asked while another request adds. */
  long confirmedBytes(String id) throws IOException {
    return find(id).put.confirmedBytes();
  }

  /** Closes a put that nobody uses at this moment; an unknown id is none of our business. */
  void abandon(String id) {
    Open session = open.get(id);
    if (session != null && session.use.tryLock()) {
      try {
        open.remove(id);
        session.put.close();
      } finally {
        session.use.unlock();
      }
    }
  }

  private <T> T use(String id, Use<T> use) throws IOException, InterruptedException {
    Open session = find(id);
    if (!session.use.tryLock()) {
      throw new NodeException(
          Problem.ALREADY_RUNNING, "another request uses the put " + id + " at this moment");
    }
    try {
      return use.with(session.put);
    } finally {
      session.usedNanos.set(System.nanoTime());
      session.use.unlock();
    }
  }

  private Open find(String id) throws NodeException {
    Open session = open.get(id);
    if (session == null) {
      throw new NodeException(Problem.NOT_FOUND, "no put is open with the id " + id);
    }
    return session;
  }

  private void sweep() {
    long now = System.nanoTime();
    open.forEach(
        (id, session) -> {
          if (now - session.usedNanos.get() > IDLE_MAX.toNanos()) {
            abandon(id);
          }
        });
  }

  @Override
  public void close() {
    sweeper.shutdownNow();
    open.keySet().forEach(this::abandon);
  }
}
