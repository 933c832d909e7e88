package dev.kith.libp2p.ping;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.identity.PeerId;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;

/**
 * Pings a peer over one stream that is kept open: js and go let a peer have one or two of them at a
 * time, so a stream for each ping would be refused. Not thread-safe; close it after use.
 */
public final class Ping implements AutoCloseable {
  public static final String PROTOCOL = "/ipfs/ping/1.0.0";

  /** What is sent and echoed. */
  public static final int PAYLOAD_BYTES = 32;

  /** The longest that the server waits for the next ping of a stream. */
  private static final Duration IDLE_MAX = Duration.ofMinutes(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Stream stream;

  private Ping(Stream stream) {
    this.stream = stream;
  }

  /** Echoes until the remote closes its side. */
  public static void serve(Stream stream) throws IOException {
    stream.timeout(IDLE_MAX);
    InputStream in = stream.input();
    byte[] payload = new byte[PAYLOAD_BYTES];
    while (true) {
      int size = in.readNBytes(payload, 0, PAYLOAD_BYTES);
      if (size == 0) {
        return;
      }
      if (size < PAYLOAD_BYTES) {
        throw new ProtocolViolationException("ping of " + size + " bytes");
      }
      stream.output().write(payload);
    }
  }

  /** Opens a ping stream, connecting first where needed. Blocks. */
  public static Ping open(Host host, PeerId peer, Duration timeout)
      throws IOException, InterruptedException {
    return new Ping(host.open(peer, timeout, PROTOCOL));
  }

  /** Opens a ping stream on one connection. Blocks. */
  public static Ping open(Connection connection, Duration timeout)
      throws IOException, InterruptedException {
    return new Ping(connection.openStream(timeout, PROTOCOL));
  }

  /**
   * Sends one ping and waits for its echo: the time between.
   *
   * @throws ProtocolViolationException when something else comes back; the stream is reset then
   */
  public Duration ping(Duration timeout) throws IOException {
    byte[] payload = new byte[PAYLOAD_BYTES];
    RANDOM.nextBytes(payload);
    stream.timeout(timeout);
    long start = System.nanoTime();
    stream.output().write(payload);
    byte[] echo = stream.input().readNBytes(PAYLOAD_BYTES);
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    if (echo.length < PAYLOAD_BYTES) {
      stream.reset();
      throw new EOFException("the peer closed the ping stream");
    }
    if (!Arrays.equals(echo, payload)) {
      stream.reset();
      throw new ProtocolViolationException("the echo is not what was sent");
    }
    return elapsed;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
