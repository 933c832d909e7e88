package dev.kith.ledger.replica;

import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream from each validator to each other. Both sides dial, the one with the higher index later;
 * should two streams meet, the one that the lower index dialled stays. Thread-safe.
 */
final class Mesh implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mesh.class);

  private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(3);
  private static final int PAUSE_MIN_MILLIS = 50;
  private static final int PAUSE_MAX_MILLIS = 1_000;
  private static final int YIELD_MILLIS = 500;

  private final Dialler dialler;
  private final String protocol;
  private final List<PeerId> validators;
  private final int self;
  private final Listener listener;
  private final AtomicReferenceArray<@Nullable Attached> links;
  private final List<Semaphore> losses;
  private final List<Thread> diallers = new ArrayList<>();
  private volatile boolean closed;

  /**
   * @param validators by index
   */
  Mesh(Dialler dialler, String protocol, List<PeerId> validators, int self, Listener listener) {
    this.dialler = dialler;
    this.protocol = protocol;
    this.validators = List.copyOf(validators);
    this.self = self;
    this.listener = listener;
    links = new AtomicReferenceArray<>(validators.size());
    losses = validators.stream().map(validator -> new Semaphore(0)).toList();
  }

  void start() {
    dialler.host().serve(protocol, this::serve);
    for (int other = 0; other < validators.size(); other++) {
      if (other != self) {
        int to = other;
        diallers.add(Thread.ofVirtual().name("ledger-dial-" + to).start(() -> keepLinked(to)));
      }
    }
  }

  void send(int to, MeshMessage message) {
    Attached attached = links.get(to);
    if (attached != null) {
      attached.link.send(Frames.frame(message.encode()), message.bulk());
    }
  }

  void broadcast(MeshMessage message) {
    byte[] frame = Frames.frame(message.encode());
    for (int to = 0; to < links.length(); to++) {
      Attached attached = links.get(to);
      if (attached != null) {
        attached.link.send(frame, message.bulk());
      }
    }
  }

  private void serve(Stream stream) throws IOException, InterruptedException {
    int from = validators.indexOf(stream.remotePeer());
    if (from < 0 || from == self) {
      stream.reset();
      return;
    }
    run(from, stream, from < self);
  }

  private void keepLinked(int to) {
    int pause = PAUSE_MIN_MILLIS;
    try {
      if (to < self) {
        Thread.sleep(YIELD_MILLIS);
      }
      while (!closed) {
        if (links.get(to) != null) {
          losses.get(to).acquire();
          continue;
        }
        pause = dial(to) ? PAUSE_MIN_MILLIS : Math.min(PAUSE_MAX_MILLIS, pause * 2);
        Thread.sleep(ThreadLocalRandom.current().nextInt(pause, 2 * pause));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Opens a stream and serves it until it breaks; returns whether it could be opened. */
  private boolean dial(int to) throws InterruptedException {
    PeerId peer = validators.get(to);
    Stream stream;
    try {
      stream = dialler.open(peer, DIAL_TIMEOUT, protocol);
    } catch (IOException e) {
      LOG.debug("validator {} cannot be reached: {}", peer, e.toString());
      return false;
    }
    try (stream) {
      run(to, stream, self < to);
    } catch (IOException e) {
      LOG.debug("the stream to validator {} broke: {}", peer, e.toString());
    }
    return true;
  }

  private void run(int peer, Stream stream, boolean dialledByLower)
      throws IOException, InterruptedException {
    Attached attached = new Attached(new Link(stream), dialledByLower);
    if (!attach(peer, attached)) {
      stream.reset();
      return;
    }
    try {
      listener.connected(peer);
      attached.link.run(message -> listener.received(peer, message));
    } finally {
      attached.link.close();
      if (links.compareAndSet(peer, attached, null)) {
        listener.lost(peer);
        losses.get(peer).release();
      }
    }
  }

  private boolean attach(int peer, Attached fresh) {
    while (!closed) {
      Attached present = links.get(peer);
      if (present != null && present.dialledByLower && !fresh.dialledByLower) {
        return false;
      }
      if (links.compareAndSet(peer, present, fresh)) {
        if (present != null) {
          present.link.close();
        }
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    closed = true;
    dialler.host().stopServing(protocol);
    diallers.forEach(Thread::interrupt);
    for (int peer = 0; peer < links.length(); peer++) {
      Attached attached = links.get(peer);
      if (attached != null) {
        attached.link.close();
      }
    }
  }

  /** Told by the threads of the links. */
  interface Listener {
    void connected(int validator) throws InterruptedException;

    void received(int validator, MeshMessage message) throws InterruptedException;

    void lost(int validator) throws InterruptedException;
  }

  private record Attached(Link link, boolean dialledByLower) {}
}
