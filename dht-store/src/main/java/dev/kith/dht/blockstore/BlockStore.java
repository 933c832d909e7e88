package dev.kith.dht.blockstore;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.DamagedChunkException;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.SealedChunk;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Keeps encrypted chunks in groups. A group appears as a whole when its writer commits, and not at
 * all before; what {@link GroupWriter#commit} returned is there after any crash. Thread-safe; every
 * method may block for the disk.
 */
public interface BlockStore extends Closeable {
  /**
   * Starts a group. It may block for a moment while other groups are being written.
   *
   * @param bytesExpected room that is set aside at once; a group may outgrow it where there is more
   * @throws StoreFullException when there is no room for it
   * @throws IllegalStateException when the group is there or another writer has it
   */
  GroupWriter begin(GroupId group, long bytesExpected) throws IOException, InterruptedException;

  /** What is known of a committed group. */
  Optional<StoredGroup> group(GroupId group) throws IOException;

  /** The ids of a committed group's chunks, in the order in which they were appended. */
  List<ChunkId> chunks(GroupId group) throws IOException;

  /** Walks all committed groups; the store may change meanwhile. */
  void forEachGroup(GroupVisitor visitor) throws IOException;

  /** Opens a committed chunk. It stays readable while it is open, even when its group goes. */
  Optional<StoredChunk> open(ChunkId chunk) throws IOException;

  /**
   * Reads a whole chunk and checks it against its id.
   *
   * @throws DamagedChunkException when the disk returned something else
   */
  default Optional<SealedChunk> read(ChunkId chunk) throws IOException {
    Optional<StoredChunk> found = open(chunk);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (StoredChunk stored = found.get()) {
      byte[] data = new byte[stored.length()];
      stored.read(0, data, 0, data.length);
      SealedChunk sealed = SealedChunk.of(data, data.length);
      if (!sealed.id().equals(chunk)) {
        throw new DamagedChunkException(chunk + " is damaged on this device");
      }
      return Optional.of(sealed);
    }
  }

  /**
   * Forgets a committed group; its room is used again sooner or later.
   *
   * @return whether it was there
   */
  boolean delete(GroupId group) throws IOException;

  StoreUsage usage();

  /** Abandons groups that are being written. */
  @Override
  void close() throws IOException;

  /** Told of one group; returns whether the walk goes on. */
  @FunctionalInterface
  interface GroupVisitor {
    boolean visit(StoredGroup group) throws IOException;
  }
}
