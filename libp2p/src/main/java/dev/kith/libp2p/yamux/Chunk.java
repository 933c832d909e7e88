package dev.kith.libp2p.yamux;

/** A run of received bytes that waits for its reader. */
final class Chunk {
  private final byte[] bytes;
  private final boolean owned;
  private int start;
  private int end;

  private Chunk(byte[] bytes, int start, int end, boolean owned) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.owned = owned;
  }

  /** A view of an array that stays as it is. */
  static Chunk view(byte[] bytes, int offset, int length) {
    return new Chunk(bytes, offset, offset + length, false);
  }

  /** A copy, with room for more. */
  static Chunk copy(byte[] bytes, int offset, int length, int capacity) {
    Chunk chunk = new Chunk(new byte[Math.max(capacity, length)], 0, 0, true);
    chunk.append(bytes, offset, length);
    return chunk;
  }

  /** Adds a copy of some bytes, if there is room for all of them. */
  boolean append(byte[] from, int offset, int length) {
    if (!owned || bytes.length - end < length) {
      return false;
    }
    System.arraycopy(from, offset, bytes, end, length);
    end += length;
    return true;
  }

  int size() {
    return end - start;
  }

  int take(byte[] to, int offset, int length) {
    int part = Math.min(length, size());
    System.arraycopy(bytes, start, to, offset, part);
    start += part;
    return part;
  }
}
