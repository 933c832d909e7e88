package dev.kith.dht.blockstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Aligned direct buffers for writers. How many there are bounds how many groups are written at
 * once; they are made when they are first needed and kept. Thread-safe.
 */
final class WriteBuffers {
  /** Larger writes gain little on flash; smaller ones cost a third. */
  static final int BUFFER_BYTES = 2 << 20;

  private final Semaphore permits;
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
  private final long waitSeconds;

  WriteBuffers(int count, long waitSeconds) {
    this.permits = new Semaphore(count, true);
    this.waitSeconds = waitSeconds;
  }

  ByteBuffer take() throws IOException, InterruptedException {
    if (!permits.tryAcquire(waitSeconds, TimeUnit.SECONDS)) {
      throw new IOException("too many groups are being written at once");
    }
    synchronized (free) {
      ByteBuffer buffer = free.pollLast();
      if (buffer != null) {
        return buffer;
      }
    }
    return ByteBuffer.allocateDirect(BUFFER_BYTES + SegmentFormat.BLOCK)
        .alignedSlice(SegmentFormat.BLOCK)
        .slice(0, BUFFER_BYTES);
  }

  void give(ByteBuffer buffer) {
    synchronized (free) {
      free.addLast(buffer);
    }
    permits.release();
  }
}
