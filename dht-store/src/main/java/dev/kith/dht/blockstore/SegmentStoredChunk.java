package dev.kith.dht.blockstore;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.Frames;
import dev.kith.dht.chunk.Sha256;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A chunk in a segment file. It has the file open, so that it outlives the file's name.
 * Thread-safe.
 */
final class SegmentStoredChunk implements StoredChunk {
  private final ChunkId id;
  private final StoreIndex.Location location;
  private final FileChannel channel;

  SegmentStoredChunk(ChunkId id, Path file, StoreIndex.Location location) throws IOException {
    this.id = id;
    this.location = location;
    this.channel = FileChannel.open(file, StandardOpenOption.READ);
  }

  @Override
  public ChunkId id() {
    return id;
  }

  @Override
  public int length() {
    return location.length();
  }

  @Override
  public void read(int position, byte[] target, int offset, int length) throws IOException {
    if (position < 0 || length < 0 || position > location.length() - length) {
      throw new IllegalArgumentException(
          "bytes " + position + " + " + length + " of " + location.length());
    }
    BlockAppender.readFully(channel, location.offset() + position, target, offset, length);
  }

  @Override
  public byte[] leaves() throws IOException {
    byte[] leaves = new byte[Frames.countOfSealed(location.length()) * Sha256.BYTES];
    long at = location.offset() - SegmentFormat.leavesBeforeData(location.length());
    BlockAppender.readFully(channel, at, leaves, 0, leaves.length);
    return leaves;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
