package dev.kith.dht.chunk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Turns plaintext into encrypted chunks: compression where a probe says that it helps, convergent
 * encryption in frames, the hash of each frame while it is still in the processor's cache.
 * Thread-safe.
 *
 * <p>The key is derived from the owner's convergence secret and SHA-256(codec, lengths, the exact
 * bytes that enter AES). So equal chunks of one owner are equal when stored, nobody without the
 * secret can test a guess, and another version of zstd never meets the same key with other bytes.
 */
public final class ChunkSealer {
  private static final byte[] INFO = "kith/chunk/1".getBytes(StandardCharsets.US_ASCII);

  private final Hkdf secret;
  private final Compressor compressor = new Compressor();
  private final ChunkBuffers buffers;

  /**
   * @param buffers where the arrays of sealed chunks come from; whoever is done with a chunk gives
   *     its array back
   */
  public ChunkSealer(Bytes32 convergenceSecret, ChunkBuffers buffers) {
    this.secret = Hkdf.of(convergenceSecret);
    this.buffers = buffers;
  }

  /** A sealed chunk and what opens it. */
  public record Sealed(SealedChunk chunk, ChunkKey key) {}

  /** Seals the first {@code length} bytes of {@code plain}: 1 to 4 MiB. */
  public Sealed seal(byte[] plain, int length) {
    if (length < 1 || length > Chunker.BYTES_MAX || length > plain.length) {
      throw new IllegalArgumentException("length: " + length);
    }
    byte[] scratch = buffers.take(length);
    try {
      int compressed = compressor.compress(plain, length, scratch);
      return compressed > 0
          ? seal(Codec.ZSTD, length, scratch, compressed)
          : seal(Codec.RAW, length, plain, length);
    } finally {
      buffers.give(scratch);
    }
  }

  private Sealed seal(Codec codec, int plainBytes, byte[] payload, int payloadBytes) {
    MessageDigest sha = Sha256.create();
    ChunkKey key =
        new ChunkKey(
            codec, plainBytes, payloadBytes, key(sha, codec, plainBytes, payload, payloadBytes));
    FrameCipher cipher = new FrameCipher(key.key());
    int frames = Frames.count(payloadBytes);
    byte[] leaves = new byte[frames * Sha256.BYTES];
    byte[] out = buffers.take(key.sealedBytes());
    int written = 0;
    for (int i = 0; i < frames; i++) {
      int offset = i * Frames.PAYLOAD_BYTES;
      int length = Math.min(Frames.PAYLOAD_BYTES, payloadBytes - offset);
      int sealed = cipher.seal(i, i == frames - 1, payload, offset, length, out, written);
      MerkleTree.leaf(sha, out, written, sealed, leaves, i * Sha256.BYTES);
      written += sealed;
    }
    return new Sealed(new SealedChunk(out, written, leaves), key);
  }

  private Bytes32 key(
      MessageDigest sha, Codec codec, int plainBytes, byte[] payload, int payloadBytes) {
    sha.update((byte) codec.number());
    sha.update(ByteBuffer.allocate(8).putInt(plainBytes).putInt(payloadBytes).flip());
    sha.update(payload, 0, payloadBytes);
    byte[] info = new byte[INFO.length + Sha256.BYTES];
    System.arraycopy(INFO, 0, info, 0, INFO.length);
    System.arraycopy(sha.digest(), 0, info, INFO.length, Sha256.BYTES);
    return Bytes32.wrap(secret.expand(info, Bytes32.SIZE));
  }
}
