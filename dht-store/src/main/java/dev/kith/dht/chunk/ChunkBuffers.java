package dev.kith.dht.chunk;

import java.util.ArrayDeque;

/**
 * Arrays that are used again, in sizes of powers of two plus the room that tags take. Allocating
 * and zeroing a mebibyte for each chunk would cost as much as encrypting it, and a small heap would
 * be collected all the time.
 *
 * <p>It never blocks: what is in use is bounded by those who take. Up to {@code retainedBytesMax}
 * are kept. Thread-safe.
 */
public final class ChunkBuffers {
  private static final int SMALLEST_BITS = 16;
  private static final int CLASSES = 9;

  private final long retainedBytesMax;
  private final ArrayDeque<byte[]>[] free;
  private long retainedBytes;

  @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no generic array creation
  public ChunkBuffers(long retainedBytesMax) {
    this.retainedBytesMax = retainedBytesMax;
    this.free = new ArrayDeque[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      free[i] = new ArrayDeque<>();
    }
  }

  /** An array of at least {@code length} bytes, with anything in it. */
  public byte[] take(int length) {
    int sizeClass = sizeClass(length);
    if (sizeClass >= CLASSES) {
      return new byte[length];
    }
    synchronized (this) {
      byte[] buffer = free[sizeClass].pollLast();
      if (buffer != null) {
        retainedBytes -= buffer.length;
        return buffer;
      }
    }
    return new byte[size(sizeClass)];
  }

  /** Takes an array back that nobody uses any more; one from elsewhere is left to the collector. */
  public void give(byte[] buffer) {
    int sizeClass = sizeClass(buffer.length);
    if (sizeClass >= CLASSES || buffer.length != size(sizeClass)) {
      return;
    }
    synchronized (this) {
      if (retainedBytes + buffer.length <= retainedBytesMax) {
        retainedBytes += buffer.length;
        free[sizeClass].addLast(buffer);
      }
    }
  }

  /** Room for 2^n bytes of payload with its tags, so that a sealed chunk keeps the class. */
  private static int size(int sizeClass) {
    int payload = 1 << (SMALLEST_BITS + sizeClass);
    return payload + (payload / Frames.PAYLOAD_BYTES) * Frames.TAG_BYTES;
  }

  private static int sizeClass(int length) {
    int sizeClass = 0;
    while (sizeClass < CLASSES && size(sizeClass) < length) {
      sizeClass++;
    }
    return sizeClass;
  }
}
