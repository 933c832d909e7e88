package dev.kith.dht.chunk;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * An encrypted chunk as it is stored and sent, with the hashes of its frames. The array may be
 * longer than the chunk and belongs to whoever made this; it must not change while this is in use.
 */
public final class SealedChunk {
  private final ChunkId id;
  private final byte[] data;
  private final int length;
  private final byte[] leaves;

  SealedChunk(byte[] data, int length, byte[] leaves) {
    this.id = new ChunkId(MerkleTree.root(leaves));
    this.data = data;
    this.length = length;
    this.leaves = leaves;
  }

  /**
   * Takes bytes for a chunk, whatever they are: the id follows from them. Costs one pass of
   * SHA-256.
   *
   * @throws IllegalArgumentException when no chunk has this length
   */
  public static SealedChunk of(byte[] data, int length) {
    int frames = Frames.countOfSealed(length);
    byte[] leaves = new byte[frames * Sha256.BYTES];
    MessageDigest sha = Sha256.create();
    for (int i = 0; i < frames; i++) {
      int offset = i * Frames.SEALED_BYTES;
      int frame = Math.min(Frames.SEALED_BYTES, length - offset);
      MerkleTree.leaf(sha, data, offset, frame, leaves, i * Sha256.BYTES);
    }
    return new SealedChunk(data, length, leaves);
  }

  /**
   * Whether these bytes are frames of a larger chunk.
   *
   * @param allLeaves the hashes of all its frames
   * @param first the frame with which these bytes begin
   */
  public boolean provenBy(byte[] allLeaves, int first, ChunkId whole) {
    int from = first * Sha256.BYTES;
    return from + leaves.length <= allLeaves.length
        && Arrays.equals(leaves, 0, leaves.length, allLeaves, from, from + leaves.length)
        && MerkleTree.root(allLeaves).equals(whole.hash());
  }

  public ChunkId id() {
    return id;
  }

  /** The frames one after another, from 0 to {@link #length}. */
  public byte[] data() {
    return data;
  }

  public int length() {
    return length;
  }

  /** The hash of each frame, 32 bytes each. Not to be changed. */
  public byte[] leaves() {
    return leaves;
  }

  @Override
  public String toString() {
    return id + " of " + length + " bytes";
  }
}
