package dev.kith.ledger.archive;

import dev.kith.ledger.codec.DecodeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.apache.tuweni.bytes.Bytes;

/**
 * Files of at most 64 MiB and one block. A frame is length u32 ‖ CRC-32C u32 ‖ archived block. One
 * thread appends; any thread reads and forces.
 */
public final class Archive implements AutoCloseable {
  private static final int FILE_BYTES_MAX = 64 << 20;
  private static final int FRAME_BYTES = 8;
  private static final int BLOCK_BYTES_MAX = 3 << 20;

  private final Path folder;
  private volatile FileChannel channel;
  private int file;
  private int end;

  private Archive(Path folder, int file, int end) throws IOException {
    this.folder = folder;
    this.file = file;
    this.end = end;
    channel = open(file);
  }

  /**
   * Opens the archive in a folder, which is made if absent.
   *
   * @param last where the newest block lies that the state has; {@link #redo} comes next
   */
  public static Archive open(Path folder, Location last) throws IOException {
    Files.createDirectories(folder);
    return new Archive(folder, last.file(), last.offset() + last.bytes());
  }

  /** Appends a block; it survives a crash of this process, and of the machine after a force. */
  public Location append(Archived block) throws IOException {
    byte[] payload = block.encode().toArrayUnsafe();
    if (payload.length > BLOCK_BYTES_MAX) {
      throw new IllegalArgumentException("block: " + payload.length + " bytes");
    }
    if (end + FRAME_BYTES + payload.length > FILE_BYTES_MAX && end > 0) {
      roll();
    }
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES + payload.length);
    frame.putInt(payload.length).putInt(checksum(payload)).put(payload).flip();
    Location location = new Location(file, end, frame.remaining());
    long at = end;
    while (frame.hasRemaining()) {
      at += channel.write(frame, at);
    }
    end = (int) at;
    return location;
  }

  public Archived read(Location location) throws IOException {
    try (FileChannel from = FileChannel.open(path(location.file()), StandardOpenOption.READ)) {
      return Archived.decode(frame(from, location.offset()));
    }
  }

  /** Returns once all that was appended before is on disk. */
  public void force() throws IOException {
    FileChannel current = channel;
    try {
      current.force(false);
    } catch (ClosedChannelException e) {
      if (current.equals(channel)) {
        throw e;
      }
      force(); // the file was full: it was forced when the next one began
    }
  }

  /** Hands out the blocks that the state does not have; a torn one at the end is cut off. */
  public void redo(Redo newer) throws IOException {
    while (true) {
      Bytes payload;
      try {
        payload = frame(channel, end);
      } catch (DecodeException e) {
        if (Files.exists(path(file + 1))) {
          throw new IOException(path(file) + ": damaged at byte " + end, e);
        }
        channel.truncate(end);
        return;
      }
      if (payload.isEmpty()) {
        if (!Files.exists(path(file + 1))) {
          return;
        }
        channel.close();
        file++;
        end = 0;
        channel = open(file);
        continue;
      }
      Location location = new Location(file, end, FRAME_BYTES + payload.size());
      newer.block(Archived.decode(payload), location);
      end += location.bytes();
    }
  }

  private void roll() throws IOException {
    channel.force(false);
    FileChannel full = channel;
    channel = open(file + 1);
    file++;
    end = 0;
    full.close();
  }

  /** The payload of the frame at an offset; empty at the end of the file. */
  private static Bytes frame(FileChannel from, int offset) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(FRAME_BYTES);
    int got = fill(from, head, offset);
    if (got == 0) {
      return Bytes.EMPTY;
    }
    int length = head.getInt(0);
    if (got < FRAME_BYTES || length <= 0 || length > BLOCK_BYTES_MAX) {
      throw new DecodeException("no frame at byte " + offset);
    }
    ByteBuffer payload = ByteBuffer.allocate(length);
    if (fill(from, payload, offset + FRAME_BYTES) < length
        || checksum(payload.array()) != head.getInt(4)) {
      throw new DecodeException("a damaged frame at byte " + offset);
    }
    return Bytes.wrap(payload.array());
  }

  private static int fill(FileChannel from, ByteBuffer into, long offset) throws IOException {
    while (into.hasRemaining()) {
      int read = from.read(into, offset + into.position());
      if (read < 0) {
        break;
      }
    }
    return into.position();
  }

  private static int checksum(byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload);
    return (int) crc.getValue();
  }

  private FileChannel open(int number) throws IOException {
    return FileChannel.open(
        path(number), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private Path path(int number) {
    return folder.resolve("blocks-%08d.log".formatted(number));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Takes blocks that the state does not have yet. */
  @FunctionalInterface
  public interface Redo {
    void block(Archived block, Location location) throws IOException;
  }
}
