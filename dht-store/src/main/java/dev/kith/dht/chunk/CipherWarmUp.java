package dev.kith.dht.chunk;

import java.time.Duration;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Makes the JIT compile the paths of AES-GCM and SHA-256 before the first file needs them. Without
 * it the first hundreds of mebibytes run at a tenth of the speed (docs/storage.md, Chunk).
 */
public final class CipherWarmUp {
  /** What was enough where it was measured. */
  public static final Duration DEFAULT = Duration.ofMillis(500);

  private static final int BYTES = 4 * Frames.PAYLOAD_BYTES;

  private CipherWarmUp() {}

  /**
   * Seals and opens for about this long, in the caller's thread: run it in the background when the
   * daemon starts.
   */
  public static void run(Duration duration) {
    ChunkBuffers buffers = new ChunkBuffers(4L * BYTES);
    ChunkSealer sealer = new ChunkSealer(Bytes32.ZERO, buffers);
    ChunkOpener opener = new ChunkOpener(buffers);
    byte[] plain = new byte[BYTES];
    new SplittableRandom(1).nextBytes(plain);
    byte[] back = new byte[BYTES];
    long end = System.nanoTime() + duration.toNanos();
    for (byte round = 0; System.nanoTime() - end < 0; round++) {
      plain[0] = round;
      ChunkSealer.Sealed sealed = sealer.seal(plain, BYTES);
      try {
        opener.open(sealed.key(), sealed.chunk().data(), back);
      } catch (DamagedChunkException e) {
        throw new IllegalStateException("AES-GCM does not undo itself", e);
      }
      buffers.give(sealed.chunk().data());
    }
  }
}
