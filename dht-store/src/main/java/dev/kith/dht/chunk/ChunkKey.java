package dev.kith.dht.chunk;

import java.util.Objects;
import org.apache.tuweni.bytes.Bytes32;

/**
 * What turns a stored chunk back into plaintext. It stands in manifests, which are encrypted.
 *
 * @param codec what was done before encryption
 * @param plainBytes 1 to 4 MiB
 * @param payloadBytes the bytes that were encrypted: {@code plainBytes} for RAW, fewer for ZSTD
 * @param key of AES-256
 */
public record ChunkKey(Codec codec, int plainBytes, int payloadBytes, Bytes32 key) {
  public ChunkKey {
    Objects.requireNonNull(codec, "codec");
    Objects.requireNonNull(key, "key");
    if (plainBytes < 1 || plainBytes > Chunker.BYTES_MAX) {
      throw new IllegalArgumentException("plainBytes: " + plainBytes);
    }
    boolean fits =
        switch (codec) {
          case RAW -> payloadBytes == plainBytes;
          case ZSTD -> payloadBytes >= 1 && payloadBytes < plainBytes;
        };
    if (!fits) {
      throw new IllegalArgumentException("payloadBytes: " + payloadBytes);
    }
  }

  /** The stored length of the chunk. */
  public int sealedBytes() {
    return Frames.sealedBytes(payloadBytes);
  }

  /** Never shows the key. */
  @Override
  public String toString() {
    return "ChunkKey[" + codec + ", " + plainBytes + ", " + payloadBytes + "]";
  }
}
