package dev.kith.libp2p.gossipsub;

import dev.kith.libp2p.ProtocolViolationException;
import dev.kith.libp2p.host.Stream;
import dev.kith.libp2p.multiformats.Varint;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads RPCs of a stream without letting peers fill the memory: only some long ones at once, and
 * each has to come within a time.
 */
final class FrameReader {
  /** Longer ones are few, and counted. */
  static final int SHORT_BYTES = 64 << 10;

  static final int LONG_FRAMES_MAX = 64;
  private static final Duration LONG_FRAME_TIME = Duration.ofSeconds(30);

  private final Stream stream;
  private final int bytesMax;
  private final Semaphore longFrames;

  /** An RPC; to be closed when nothing of its bytes is needed any more. */
  static final class Frame implements AutoCloseable {
    private final byte[] bytes;
    private final @Nullable Semaphore held;

    Frame(byte[] bytes, @Nullable Semaphore held) {
      this.bytes = bytes;
      this.held = held;
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public void close() {
      if (held != null) {
        held.release();
      }
    }
  }

  FrameReader(Stream stream, int bytesMax, Semaphore longFrames) {
    this.stream = stream;
    this.bytesMax = bytesMax;
    this.longFrames = longFrames;
  }

  /** The next RPC; null where the stream ends. Blocks. */
  @Nullable Frame next() throws IOException, InterruptedException {
    stream.timeout(Duration.ZERO);
    long length = Varint.read(stream.input());
    if (length < 0) {
      return null;
    }
    if (length > bytesMax) {
      throw new ProtocolViolationException("rpc of " + length + " bytes, limit " + bytesMax);
    }
    if (length <= SHORT_BYTES) {
      return new Frame(read((int) length), null);
    }
    longFrames.acquire();
    boolean done = false;
    try {
      Frame frame = new Frame(read((int) length), longFrames);
      done = true;
      return frame;
    } finally {
      if (!done) {
        longFrames.release();
      }
    }
  }

  /** Allocates as much as has come, not as much as was announced. */
  private byte[] read(int length) throws IOException {
    long deadline = System.nanoTime() + LONG_FRAME_TIME.toNanos();
    byte[] frame = new byte[Math.min(length, SHORT_BYTES)];
    int read = 0;
    while (read < length) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new ProtocolViolationException("rpc: took more than " + LONG_FRAME_TIME);
      }
      stream.timeout(Duration.ofNanos(left));
      if (read == frame.length) {
        frame = Arrays.copyOf(frame, (int) Math.min(length, 2L * frame.length));
      }
      int count = stream.input().read(frame, read, frame.length - read);
      if (count < 0) {
        throw new EOFException("rpc: " + read + " of " + length + " bytes");
      }
      read += count;
    }
    return frame;
  }
}
