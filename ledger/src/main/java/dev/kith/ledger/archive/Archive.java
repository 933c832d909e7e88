package dev.kith.ledger.archive;

import dev.kith.ledger.WrongFormatException;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.disk.Disk;
import dev.kith.ledger.disk.FileHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.tuweni.bytes.Bytes;

/**
 * Files of at most 64 MiB and one block: a header, then frames, each length u32 ‖ CRC-32C u32 ‖
 * archived block. One thread appends; any thread reads and forces.
 */
public final class Archive implements AutoCloseable {
  private static final FileHeader HEADER = new FileHeader("kith-blk", 1);
  private static final int FILE_BYTES_MAX = 64 << 20;
  private static final int FRAME_BYTES = 8;
  private static final int BLOCK_BYTES_MAX = 3 << 20;

  private final Disk disk;
  private final Path folder;
  private volatile FileChannel channel;
  private int file;
  private int end;

  private Archive(Disk disk, Path folder, int file, int end) throws IOException {
    this.disk = disk;
    this.folder = folder;
    this.file = file;
    this.end = Math.max(end, FileHeader.BYTES);
    channel = open(file, end <= FileHeader.BYTES);
  }

  /**
   * Opens the archive in a folder, which is made if absent.
   *
   * @param last where the newest block lies that the state has; {@link #redo} comes next
   * @throws WrongFormatException when another version of Kith wrote it
   */
  public static Archive open(Path folder, Location last, Disk disk) throws IOException {
    disk.makeFolder(folder);
    return new Archive(disk, folder, last.file(), last.offset() + last.bytes());
  }

  /** Appends a block; it survives a crash of this process, and of the machine after a force. */
  public Location append(Archived block) throws IOException {
    byte[] payload = block.encode().toArrayUnsafe();
    if (payload.length > BLOCK_BYTES_MAX) {
      throw new IllegalArgumentException("block: " + payload.length + " bytes");
    }
    if (end + FRAME_BYTES + payload.length > FILE_BYTES_MAX && end > FileHeader.BYTES) {
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

  /**
   * Hands out the blocks that the state does not have; a torn one at the end is cut off. Then all
   * of them are on disk: a crash of the process alone leaves blocks that no force ever covered.
   */
  public void redo(Redo newer) throws IOException {
    readOn(newer);
    force();
  }

  private void readOn(Redo newer) throws IOException {
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
        FileChannel next = open(file + 1, true);
        channel.close();
        channel = next;
        file++;
        end = FileHeader.BYTES;
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
    channel = open(file + 1, true);
    file++;
    end = FileHeader.BYTES;
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

  /**
   * Opens a file, making it where it is absent; its name is on disk then, not only its blocks.
   *
   * @param maybeNew whether a crash may have cut short its making
   */
  private FileChannel open(int number, boolean maybeNew) throws IOException {
    FileChannel opened =
        disk.open(
            path(number),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      ByteBuffer header = ByteBuffer.allocate(FileHeader.BYTES);
      int got = fill(opened, header, 0);
      try {
        HEADER.check(path(number), Arrays.copyOf(header.array(), got));
      } catch (DecodeException e) {
        if (!maybeNew || opened.size() > FileHeader.BYTES) {
          throw new IOException("the archive is damaged", e);
        }
        begin(opened);
      }
      return opened;
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  private void begin(FileChannel fresh) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(HEADER.encode());
    while (header.hasRemaining()) {
      fresh.write(header, header.position());
    }
    fresh.force(true);
    disk.syncFolder(folder);
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
