package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.gossipsub.router.Version;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.host.UnsupportedProtocolException;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one peer: a stream of ours, opened again some times where it breaks, and what waits
 * for it. {@link #run} is a virtual thread of its own.
 */
final class PeerLink {
  private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);
  private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);

  /** A peer that takes nothing for so long has lost its stream. */
  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(30);

  private static final int ATTEMPTS_MAX = 6;

  /** How the loop learns of it; all block while the loop is busy. */
  interface Listener {
    void up(PeerLink link, Version version, Connection connection) throws InterruptedException;

    /** What waited for the peer may be lost, but the peer is the same and knows what it knew. */
    void reopened(PeerLink link) throws InterruptedException;

    void down(PeerLink link);

    /** So many bytes were written to the peer. Does not block. */
    void wrote(int bytes);
  }

  final PeerId peer;
  private final Connection connection;
  private final Listener listener;

  /** The router knows the peer, or never will by this link. */
  private final CountDownLatch settled = new CountDownLatch(1);

  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Outbox outbox = new Outbox();

  private volatile boolean up;

  PeerLink(Connection connection, Listener listener) {
    this.peer = connection.remotePeer();
    this.connection = connection;
    this.listener = listener;
  }

  Outbox outbox() {
    return outbox;
  }

  /** Whether the router knows the peer, within this time. Blocks. */
  boolean awaitKnown(Duration timeout) throws InterruptedException {
    return settled.await(timeout.toNanos(), TimeUnit.NANOSECONDS) && up;
  }

  /** Whether it ended, or is about to. */
  boolean closed() {
    return closed.getCount() == 0 || !connection.open();
  }

  /** Whether the router knew the peer by this link. */
  boolean wasUp() {
    return up;
  }

  /** Never blocks. */
  void close() {
    closed.countDown();
    settled.countDown();
    outbox.close();
  }

  /** Until the connection is gone, or the peer does not speak gossipsub. */
  void run() {
    try {
      for (int attempt = 0; attempt < ATTEMPTS_MAX && !closed() && attempt(); attempt++) {
        if (closed.await(100L << (2 * attempt), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
      if (up) {
        listener.down(this);
      }
    }
  }

  /** Whether another try may help. */
  private boolean attempt() throws InterruptedException {
    try (Stream stream = open()) {
      Version version = Version.ofProtocol(stream.protocol()).orElseThrow();
      Outbox fresh = new Outbox();
      outbox = fresh;
      if (closed()) {
        return false;
      }
      Thread watch =
          Thread.ofVirtual().name("kith-gossipsub-watch").start(() -> watch(stream, fresh));
      try {
        if (up) {
          listener.reopened(this);
        } else {
          up = true;
          listener.up(this, version, connection);
        }
        settled.countDown();
        write(stream, fresh);
      } finally {
        fresh.close();
        watch.interrupt();
      }
    } catch (UnsupportedProtocolException e) {
      LOG.debug("{} does not speak gossipsub", peer);
      return false;
    } catch (IOException e) {
      LOG.debug("the stream to {} broke: {}", peer, e.toString());
    }
    return true;
  }

  private Stream open() throws IOException, InterruptedException {
    return connection.openStream(
        OPEN_TIMEOUT, Version.V1_2.protocol(), Version.V1_1.protocol(), Version.V1_0.protocol());
  }

  private void write(Stream stream, Outbox outbox) throws IOException, InterruptedException {
    stream.timeout(WRITE_TIMEOUT);
    OutputStream out = stream.output();
    for (List<byte[]> frames = outbox.take(); !frames.isEmpty(); frames = outbox.take()) {
      byte[] bytes = frames.size() == 1 ? frames.getFirst() : joined(frames);
      out.write(bytes);
      listener.wrote(bytes.length);
    }
  }

  private static byte[] joined(List<byte[]> frames) {
    ByteBuffer all = ByteBuffer.allocate(frames.stream().mapToInt(frame -> frame.length).sum());
    frames.forEach(all::put);
    return all.array();
  }

  /** Nothing comes on this stream but its end: a reset is noticed though nothing is to be sent. */
  private static void watch(Stream stream, Outbox outbox) {
    try {
      while (true) {
        try {
          stream.input().transferTo(OutputStream.nullOutputStream());
          LOG.debug("the peer closed its side of our stream");
          return;
        } catch (SocketTimeoutException e) {
          // The writer's time is the reader's too, and silence is what is expected here.
        }
      }
    } catch (IOException e) {
      LOG.debug("our stream was reset: {}", e.toString());
      outbox.close();
    }
  }

  /** The address that tells peers apart for scores; loopback and no IP at all say nothing. */
  static Optional<String> ip(Connection connection) {
    return connection
        .remoteAddress()
        .ip()
        .filter(ip -> !ip.isLoopbackAddress())
        .map(
            ip -> {
              byte[] address = ip.getAddress();
              int network = Math.min(address.length, 8); // a /64 is one customer
              return java.util.HexFormat.of().formatHex(address, 0, network);
            });
  }

  static @Nullable Connection firstOpen(List<Connection> connections, PeerId peer) {
    return connections.stream()
        .filter(c -> c.remotePeer().equals(peer) && c.open())
        .findFirst()
        .orElse(null);
  }
}
