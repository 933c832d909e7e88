package dev.kith.dht.chunk;

import java.util.Objects;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The name of an encrypted chunk: the Merkle root over its frames (docs/storage.md, Chunk). It says
 * nothing of the plaintext to one who has no key.
 */
public record ChunkId(Bytes32 hash) implements Comparable<ChunkId> {
  public ChunkId {
    Objects.requireNonNull(hash, "hash");
  }

  /** Copies 32 bytes. */
  public static ChunkId copyOf(byte[] source, int offset) {
    return new ChunkId(Bytes32.wrap(java.util.Arrays.copyOfRange(source, offset, offset + 32)));
  }

  @Override
  public int compareTo(ChunkId other) {
    return hash.compareTo(other.hash);
  }

  @Override
  public String toString() {
    return "chunk " + hash.toUnprefixedHexString().substring(0, 16);
  }
}
