package dev.kith.ledger.replica;

import dev.kith.ledger.archive.Archived;
import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes;

/**
 * Sends final blocks with their proofs to whoever follows. Every replica does, so followers may
 * follow followers. One virtual thread a follower.
 */
final class FollowServer implements AutoCloseable {
  private static final int FOLLOWERS_MAX = 256;
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  /** How often a follower hears that there is nothing new. */
  static final int ALIVE_MILLIS = 5_000;

  private final Replicated replicated;
  private final Supplier<Engine> engine;
  private final Semaphore places = new Semaphore(FOLLOWERS_MAX);

  FollowServer(Replicated replicated, Supplier<Engine> engine) {
    this.replicated = replicated;
    this.engine = engine;
  }

  void start() {
    replicated.host().serve(replicated.protocols().follow(), this::serve);
  }

  private void serve(Stream stream) throws IOException, InterruptedException {
    if (!replicated.isMember(stream.remotePeer()) || !places.tryAcquire()) {
      stream.reset();
      return;
    }
    try {
      stream.timeout(REQUEST_TIMEOUT);
      long from = new DataInputStream(stream.input()).readLong();
      if (from < 1) {
        throw new ProtocolViolationException("followed from height " + from);
      }
      send(stream, from);
    } finally {
      places.release();
    }
  }

  private void send(Stream stream, long from) throws IOException, InterruptedException {
    long next = from;
    while (!replicated.feed().closed()) {
      long height = replicated.feed().awaitHeight(next, 0);
      if (next > height) {
        write(stream, new FollowMessage.Alive(height, reachable()).encode());
        height = replicated.feed().awaitHeight(next, ALIVE_MILLIS);
      }
      while (next <= height) {
        write(stream, FollowMessage.encodeFinal(block(next)));
        next++;
      }
    }
  }

  private Bytes block(long height) throws IOException {
    Optional<Bytes> recent = replicated.feed().recent(height);
    if (recent.isPresent()) {
      return recent.get();
    }
    Archived archived =
        replicated
            .block(height)
            .orElseThrow(() -> new IOException("block " + height + " is not in the archive"));
    return archived.block().encode();
  }

  private static void write(Stream stream, Bytes message) throws IOException {
    stream.output().write(Frames.frame(message));
  }

  private int reachable() {
    List<PeerId> validators = replicated.validators();
    return engine.get().vouched().stream()
        .mapToInt(validators::indexOf)
        .filter(index -> index >= 0)
        .map(index -> 1 << index)
        .reduce(0, (a, b) -> a | b);
  }

  @Override
  public void close() {
    replicated.host().stopServing(replicated.protocols().follow());
  }
}
