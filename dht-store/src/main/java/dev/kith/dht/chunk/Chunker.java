package dev.kith.dht.chunk;

import org.apache.tuweni.bytes.Bytes32;

/**
 * Finds where a stream is cut: FastCDC with normalised chunking (Xia and others, USENIX ATC 2016).
 * A boundary depends on the 64 bytes before it only, so an insertion moves the boundaries near it
 * and no others. The gear table is keyed by the owner's secret: without the key, the lengths of
 * chunks do not betray a known file.
 *
 * <p>Up to {@link #BYTES_NORMAL} a boundary is four times rarer, beyond it four times more frequent
 * than one in a mebibyte, which narrows the spread of lengths. One thread uses a chunker, for one
 * stream.
 */
public final class Chunker {
  public static final int BYTES_MIN = 256 << 10;
  public static final int BYTES_NORMAL = 1 << 20;
  public static final int BYTES_MAX = 4 << 20;

  /** What {@link #cut} returns when it must see more bytes. */
  public static final int MORE = -1;

  // The hash shifts left, so its highest bits depend on the most bytes.
  private static final int NORMAL_BITS = 20;
  private static final long MASK_BEFORE_NORMAL = -1L << (Long.SIZE - (NORMAL_BITS + 2));
  private static final long MASK_AFTER_NORMAL = -1L << (Long.SIZE - (NORMAL_BITS - 2));
  private static final int WINDOW = Long.SIZE;

  private final long[] gear;
  private int scanned;
  private long hash;

  public Chunker(Bytes32 convergenceSecret) {
    this(Gear.table(convergenceSecret));
  }

  Chunker(long[] gear) {
    this.gear = gear;
  }

  /** A chunker with the same key, for another stream. */
  public Chunker fresh() {
    return new Chunker(gear);
  }

  /**
   * The length of the chunk that begins at {@code start}, or {@link #MORE}. After MORE, call again
   * with the same chunk and more bytes of it: the scan goes on where it stopped.
   *
   * @param available bytes that are there from {@code start} on
   * @param end whether these are the stream's last; then it is never MORE, and 0 where none are
   *     left
   */
  public int cut(byte[] buffer, int start, int available, boolean end) {
    int limit = Math.min(available, BYTES_MAX);
    int length = scan(buffer, start, limit);
    if (length == MORE && (end || available >= BYTES_MAX)) {
      length = limit;
    }
    if (length != MORE) {
      scanned = 0;
      hash = 0;
    }
    return length;
  }

  private int scan(byte[] buffer, int start, int limit) {
    int i = Math.max(scanned, BYTES_MIN - WINDOW);
    long h = hash;
    // The window fills up first, so that the first possible boundary sees as much as any other.
    for (int end = Math.min(limit, BYTES_MIN - 1); i < end; i++) {
      h = (h << 1) + gear[buffer[start + i] & 0xff];
    }
    for (int end = Math.min(limit, BYTES_NORMAL); i < end; i++) {
      h = (h << 1) + gear[buffer[start + i] & 0xff];
      if ((h & MASK_BEFORE_NORMAL) == 0) {
        return i + 1;
      }
    }
    for (; i < limit; i++) {
      h = (h << 1) + gear[buffer[start + i] & 0xff];
      if ((h & MASK_AFTER_NORMAL) == 0) {
        return i + 1;
      }
    }
    scanned = i;
    hash = h;
    return MORE;
  }
}
