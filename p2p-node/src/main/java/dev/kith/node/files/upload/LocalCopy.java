package dev.kith.node.files.upload;

import dev.kith.dht.blockstore.BlockStore;
import dev.kith.dht.blockstore.GroupWriter;
import dev.kith.dht.blockstore.StoredGroup;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.SealedChunk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The putter's own copy of a group that is under way, from which its chunks can be sent again. One
 * thread appends; any may read.
 */
sealed interface LocalCopy extends Closeable {
  void append(SealedChunk chunk) throws IOException;

  /** Reads the chunk that was appended as number {@code index}; returns its length. */
  int read(int index, byte[] target) throws IOException;

  /** Makes it durable, where it counts as a copy; empty where it is but a spool. */
  Optional<StoredGroup> commit() throws IOException;

  /** In this device's block store, as one of the group's copies. */
  static LocalCopy stored(BlockStore store, GroupId group, long bytesExpected)
      throws IOException, InterruptedException {
    return new Stored(store.begin(group, bytesExpected));
  }

  /** In a file that vanishes when it is closed. */
  static LocalCopy spooled(Path folder) throws IOException {
    return new Spooled(
        FileChannel.open(
            Files.createTempFile(folder, "group-", ".spool"),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  /** See {@link #stored}. */
  record Stored(GroupWriter writer) implements LocalCopy {
    @Override
    public void append(SealedChunk chunk) throws IOException {
      writer.append(chunk);
    }

    @Override
    public int read(int index, byte[] target) throws IOException {
      return writer.read(index, target);
    }

    @Override
    public Optional<StoredGroup> commit() throws IOException {
      return Optional.of(writer.commit());
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }

  /** See {@link #spooled}. */
  final class Spooled implements LocalCopy {
    private final FileChannel file;
    private final List<Place> places = new ArrayList<>();

    private record Place(long position, int length) {}

    private Spooled(FileChannel file) {
      this.file = file;
    }

    @Override
    public void append(SealedChunk chunk) throws IOException {
      long position = file.size();
      ByteBuffer data = ByteBuffer.wrap(chunk.data(), 0, chunk.length());
      while (data.hasRemaining()) {
        file.write(data, position + data.position());
      }
      synchronized (places) {
        places.add(new Place(position, chunk.length()));
      }
    }

    @Override
    public int read(int index, byte[] target) throws IOException {
      Place place;
      synchronized (places) {
        place = places.get(index);
      }
      ByteBuffer data = ByteBuffer.wrap(target, 0, place.length());
      while (data.hasRemaining()) {
        if (file.read(data, place.position() + data.position()) < 0) {
          throw new IOException("the spool ends early");
        }
      }
      return place.length();
    }

    @Override
    public Optional<StoredGroup> commit() {
      return Optional.empty();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
