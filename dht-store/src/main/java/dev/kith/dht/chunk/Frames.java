package dev.kith.dht.chunk;

/**
 * How a chunk's payload lies in frames: each frame is 64 KiB of payload and a tag of 16 bytes, the
 * last one is shorter. A frame can be checked and decrypted alone.
 */
public final class Frames {
  /** Payload of a frame that is not the last. */
  public static final int PAYLOAD_BYTES = 64 << 10;

  public static final int TAG_BYTES = 16;

  /** A frame that is not the last, as stored. */
  public static final int SEALED_BYTES = PAYLOAD_BYTES + TAG_BYTES;

  /** Frames of the largest chunk. */
  public static final int COUNT_MAX = Chunker.BYTES_MAX / PAYLOAD_BYTES;

  /** The largest chunk as stored. */
  public static final int CHUNK_SEALED_BYTES_MAX = COUNT_MAX * SEALED_BYTES;

  private Frames() {}

  /** The number of frames for a payload of 1 to 4 MiB bytes. */
  public static int count(int payloadBytes) {
    if (payloadBytes < 1 || payloadBytes > Chunker.BYTES_MAX) {
      throw new IllegalArgumentException("payloadBytes: " + payloadBytes);
    }
    return (payloadBytes + PAYLOAD_BYTES - 1) / PAYLOAD_BYTES;
  }

  /** The stored length of a payload. */
  public static int sealedBytes(int payloadBytes) {
    return payloadBytes + count(payloadBytes) * TAG_BYTES;
  }

  /** Whether a chunk can have this stored length. */
  public static boolean isSealedLength(int sealedBytes) {
    if (sealedBytes <= TAG_BYTES || sealedBytes > CHUNK_SEALED_BYTES_MAX) {
      return false;
    }
    int last = sealedBytes % SEALED_BYTES;
    return last == 0 || last > TAG_BYTES;
  }

  /** The number of frames of a chunk with this stored length. */
  public static int countOfSealed(int sealedBytes) {
    if (!isSealedLength(sealedBytes)) {
      throw new IllegalArgumentException("sealedBytes: " + sealedBytes);
    }
    return (sealedBytes + SEALED_BYTES - 1) / SEALED_BYTES;
  }

  /** The stored length of frame {@code index} of a chunk with this stored length. */
  public static int sealedBytesOf(int index, int sealedBytes) {
    int count = countOfSealed(sealedBytes);
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException("index: " + index + " of " + count);
    }
    return index < count - 1 ? SEALED_BYTES : sealedBytes - index * SEALED_BYTES;
  }
}
