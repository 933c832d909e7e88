package dev.kith.ledger.replica;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches final blocks: a follower without end, a validator while it is behind. It keeps one stream
 * to one peer and goes to the next when that breaks, falls silent or is itself behind. Where it
 * gets blocks from does not matter, as each carries its proof.
 */
final class FollowClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FollowClient.class);

  private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration SILENCE_MAX =
      Duration.ofMillis(2L * FollowServer.ALIVE_MILLIS + 1_000);
  private static final int OTHERS_MAX = 8;

  /** Validators are tried again after this long with another follower. */
  private static final long DETOUR_NANOS = Duration.ofSeconds(5).toNanos();

  private static final FollowMessage.Alive SILENCE = new FollowMessage.Alive(0, 0);
  private static final int PAUSE_MIN_MILLIS = 100;
  private static final int PAUSE_MAX_MILLIS = 1_000;

  private final Replicated replicated;
  private final boolean endless;
  private final Semaphore wanted = new Semaphore(0);
  private volatile @Nullable Stream stream;
  private volatile FollowMessage.Alive alive = SILENCE;
  private volatile boolean atSource;
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;
  private @Nullable Thread thread;

  FollowClient(Replicated replicated, boolean endless) {
    this.replicated = replicated;
    this.endless = endless;
  }

  void start(Engine sink) {
    thread = Thread.ofVirtual().name("ledger-follow").start(() -> run(sink));
  }

  /** Fetches what is missing up to now; for a client that is not endless. */
  void catchUp() {
    if (wanted.availablePermits() == 0) {
      wanted.release();
    }
  }

  /** Goes to another peer if the present one said nothing for this long. */
  void distrust(long silentMillis) {
    Stream current = stream;
    if (current != null && System.nanoTime() - heardNanos > silentMillis * 1_000_000) {
      current.reset();
    }
  }

  /** What the peer that is followed said last; nothing while none is. */
  FollowMessage.Alive alive() {
    return alive;
  }

  /**
   * Whether that peer is a validator. What followers say is not passed on: two that follow one
   * another would keep alive what was true long ago.
   */
  boolean atSource() {
    return atSource;
  }

  private void run(Engine sink) {
    try {
      fetch(sink);
    } catch (RuntimeException e) {
      failure = e;
      LOG.error("this replica stops: its ledger cannot go on", e);
    }
  }

  /** Whether it can go on. */
  void check() throws IOException {
    RuntimeException why = failure;
    if (why != null) {
      throw new IOException("the ledger stopped: " + why.getMessage(), why);
    }
  }

  private void fetch(Engine sink) {
    int pause = PAUSE_MIN_MILLIS;
    try {
      while (!closed) {
        if (!endless) {
          wanted.acquire();
        }
        boolean served = false;
        for (PeerId peer : candidates()) {
          served = !closed && follow(peer, sink);
          if (served) {
            break;
          }
        }
        pause = served ? PAUSE_MIN_MILLIS : Math.min(PAUSE_MAX_MILLIS, pause * 2);
        if (!served) {
          Thread.sleep(pause);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Validators in random order, then some other members that are connected anyway. */
  private List<PeerId> candidates() {
    PeerId self = replicated.host().id();
    List<PeerId> validators = new ArrayList<>(replicated.validators());
    Collections.shuffle(validators, ThreadLocalRandom.current());
    Set<PeerId> candidates = new LinkedHashSet<>(validators);
    replicated.host().connections().stream()
        .filter(Connection::open)
        .map(Connection::remotePeer)
        .filter(replicated::isMember)
        .limit(OTHERS_MAX)
        .forEach(candidates::add);
    candidates.remove(self);
    return List.copyOf(candidates);
  }

  /** Follows one peer until that ends; returns whether it was of any use. */
  private boolean follow(PeerId peer, Engine sink) throws InterruptedException {
    boolean useful = false;
    boolean source = replicated.validators().contains(peer);
    long began = System.nanoTime();
    try (Stream opened =
        replicated.dialler().open(peer, OPEN_TIMEOUT, replicated.protocols().follow())) {
      stream = opened;
      heardNanos = System.nanoTime();
      opened.timeout(SILENCE_MAX);
      long from = replicated.head().height() + 1;
      opened.output().write(ByteBuffer.allocate(8).putLong(from).array());
      while (!closed) {
        FollowMessage message = read(opened);
        heardNanos = System.nanoTime();
        switch (message) {
          case FollowMessage.Final(var block) -> {
            sink.offer(block);
            useful = true;
          }
          case FollowMessage.Alive current -> {
            atSource = source;
            alive = current;
            if (!endless || current.height() < from - 1) {
              return useful;
            }
            useful = true;
            if (!source && System.nanoTime() - began > DETOUR_NANOS) {
              return true;
            }
          }
        }
      }
    } catch (ProtocolViolationException e) {
      LOG.warn("{} sent {}", peer, e.getMessage());
      return false;
    } catch (IOException e) {
      LOG.debug("cannot follow {}: {}", peer, e.toString());
    } finally {
      stream = null;
      alive = SILENCE;
    }
    return useful;
  }

  private static FollowMessage read(Stream from) throws IOException {
    try {
      return FollowMessage.decode(Frames.read(from.input(), FollowMessage.BYTES_MAX));
    } catch (DecodeException e) {
      throw new ProtocolViolationException("a block that cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    closed = true;
    Stream current = stream;
    if (current != null) {
      current.reset();
    }
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }
}
