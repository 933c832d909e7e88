package dev.kith.libp2p.perf;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Connection;
import dev.kith.libp2p.host.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Both sides of perf: the client says in eight bytes, big-endian, how much it wants, sends what it
 * likes and closes its side; only then the server sends.
 *
 * <p>A server sends as much as it is asked for, up to 2^64 - 1 bytes, at the client's speed: serve
 * it to peers that are trusted, or where measuring is all that a host is for.
 */
public final class Perf {
  public static final String PROTOCOL = "/perf/1.0.0";

  private static final int BLOCK_BYTES = 64 << 10;

  /** The longest that either side waits for the other to move a byte. */
  private static final Duration IDLE_MAX = Duration.ofMinutes(1);

  private Perf() {}

  /** Serves one stream: the handler to give to a host. */
  public static void serve(Stream stream) throws IOException {
    stream.timeout(IDLE_MAX);
    InputStream in = stream.input();
    byte[] wanted = in.readNBytes(Long.BYTES);
    if (wanted.length < Long.BYTES) {
      throw new ProtocolViolationException("perf: " + wanted.length + " bytes of a number");
    }
    in.transferTo(OutputStream.nullOutputStream());
    send(stream.output(), ByteBuffer.wrap(wanted).getLong());
  }

  /**
   * Sends and receives over a stream of its own. Blocks.
   *
   * @param uploadBytes sent first; at least 0
   * @param downloadBytes received afterwards; at least 0
   * @return from the opening of the stream until all is through
   * @throws EOFException when the server sends less than it was asked for
   */
  public static Duration measure(
      Connection connection, long uploadBytes, long downloadBytes, Duration timeout)
      throws IOException, InterruptedException {
    if (uploadBytes < 0 || downloadBytes < 0) {
      throw new IllegalArgumentException("bytes: " + uploadBytes + ", " + downloadBytes);
    }
    long start = System.nanoTime();
    try (Stream stream = connection.openStream(timeout, PROTOCOL)) {
      stream.timeout(IDLE_MAX);
      OutputStream out = stream.output();
      out.write(ByteBuffer.allocate(Long.BYTES).putLong(downloadBytes).array());
      send(out, uploadBytes);
      stream.closeWrite();
      long received = stream.input().transferTo(OutputStream.nullOutputStream());
      if (received < downloadBytes) {
        throw new EOFException("perf: " + received + " of " + downloadBytes + " bytes came");
      }
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** So many zeros; the number is unsigned. */
  private static void send(OutputStream out, long bytes) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    long left = bytes;
    while (left != 0) {
      int part = Long.compareUnsigned(left, BLOCK_BYTES) < 0 ? (int) left : BLOCK_BYTES;
      out.write(block, 0, part);
      left -= part;
    }
  }
}
