package dev.kith.node.files.upload;

import dev.kith.dht.chunk.ChunkBuffers;
import dev.kith.dht.chunk.ChunkSealer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Seals chunks on platform threads, one a processor: the work is long and never waits, and on
 * carriers of virtual threads it would hold up everything else. Thread-safe.
 */
public final class SealPool implements AutoCloseable {
  /** Below this a hand-over costs more than sealing. */
  private static final int INLINE_BYTES = 64 << 10;

  private final ChunkSealer sealer;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          Runtime.getRuntime().availableProcessors(),
          Thread.ofPlatform().daemon().name("seal-", 0).factory());

  public SealPool(Bytes32 convergenceSecret, ChunkBuffers buffers) {
    this.sealer = new ChunkSealer(convergenceSecret, buffers);
  }

  /** Seals in the caller's thread. */
  ChunkSealer.Sealed seal(byte[] plain, int length) {
    return sealer.seal(plain, length);
  }

  /** Seals in the background; the array must not change until it is done. */
  Future<ChunkSealer.Sealed> submit(byte[] plain, int length) {
    return length <= INLINE_BYTES
        ? java.util.concurrent.CompletableFuture.completedFuture(sealer.seal(plain, length))
        : threads.submit(() -> sealer.seal(plain, length));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
