package dev.kith.dht.chunk;

/**
 * Turns stored chunks back into plaintext. Every frame's tag is checked; whether the bytes are
 * those of a certain {@link ChunkId} is for {@link SealedChunk#of} to say. Thread-safe.
 */
public final class ChunkOpener {
  private final ChunkBuffers buffers;

  public ChunkOpener(ChunkBuffers buffers) {
    this.buffers = buffers;
  }

  /**
   * Opens a whole chunk into the start of {@code plain}, which has room for {@code
   * key.plainBytes()}.
   *
   * @param sealed the frames, of length {@code key.sealedBytes()}
   * @throws DamagedChunkException when the bytes are not what was sealed under this key
   */
  public void open(ChunkKey key, byte[] sealed, byte[] plain) throws DamagedChunkException {
    switch (key.codec()) {
      case RAW -> decrypt(key, 0, Frames.count(key.payloadBytes()), sealed, plain);
      case ZSTD -> {
        byte[] payload = buffers.take(key.payloadBytes());
        try {
          decrypt(key, 0, Frames.count(key.payloadBytes()), sealed, payload);
          Compressor.decompress(payload, key.payloadBytes(), plain, key.plainBytes());
        } finally {
          buffers.give(payload);
        }
      }
    }
  }

  /**
   * Opens some frames of a chunk that was not compressed into the start of {@code plain}, and
   * returns their plain length.
   *
   * @param sealed frames [first, first + count), from its start
   * @throws IllegalArgumentException for a compressed chunk, whose frames mean nothing alone
   */
  public int openFrames(ChunkKey key, int first, int count, byte[] sealed, byte[] plain)
      throws DamagedChunkException {
    if (key.codec() != Codec.RAW) {
      throw new IllegalArgumentException("codec: " + key.codec());
    }
    return decrypt(key, first, count, sealed, plain);
  }

  private static int decrypt(ChunkKey key, int first, int count, byte[] sealed, byte[] payload)
      throws DamagedChunkException {
    FrameCipher cipher = new FrameCipher(key.key());
    int frames = Frames.count(key.payloadBytes());
    int stored = key.sealedBytes();
    int read = 0;
    int written = 0;
    for (int i = first; i < first + count; i++) {
      int length = Frames.sealedBytesOf(i, stored);
      written += cipher.open(i, i == frames - 1, sealed, read, length, payload, written);
      read += length;
    }
    return written;
  }
}
