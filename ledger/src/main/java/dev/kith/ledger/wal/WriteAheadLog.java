package dev.kith.ledger.wal;

import dev.kith.ledger.WrongFormatException;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.disk.Disk;
import dev.kith.ledger.disk.FileHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.jspecify.annotations.Nullable;

/**
 * A folder of append-only segments. What {@link #sync} returned for survives a power cut. A log is
 * made once, by {@link #format}, when its validator is made; a log that is missing later was lost,
 * and with it the knowledge of what its validator said, so {@link #open} refuses it. One thread
 * uses it.
 */
public final class WriteAheadLog implements AutoCloseable {
  private static final String PREFIX = "wal-";
  private static final String SUFFIX = ".log";

  private final Disk disk;
  private final Path folder;

  /** Length of a log's name. */
  public static final int NAME_BYTES = 16;

  private final WalRecord start;
  private FileChannel channel;
  private int number;
  private long bytes;
  private long syncedBytes;

  private WriteAheadLog(Disk disk, Path folder, WalRecord start, FileChannel channel, int number)
      throws IOException {
    this.disk = disk;
    this.folder = folder;
    this.start = start;
    this.channel = channel;
    this.number = number;
    bytes = channel.size();
    syncedBytes = bytes;
    channel.position(bytes);
  }

  /** A log that was opened, with the entries of its segments in order. */
  public record Opened(WriteAheadLog log, Bytes name, List<WalRecord> records) {}

  /**
   * Makes an empty log, for a validator that never voted. An empty one that is there already, of
   * whatever realm, is replaced.
   *
   * @throws IOException also when there is one already with something in it
   */
  public static void format(Path folder, Bytes32 realmId) throws IOException {
    Disk disk = Disk.REAL;
    disk.makeFolder(folder);
    for (int number : segments(folder)) {
      if (number > 0 || !empty(path(folder, number))) {
        throw new IOException(folder + ": there is a write-ahead log already");
      }
    }
    create(disk, path(folder, 0), List.of(start(realmId, Bytes.EMPTY))).close();
    disk.syncFolder(folder);
  }

  /**
   * Makes sure that there is a log with a name that may be told to others, which is never given to
   * another log: whoever knows it knows that nothing said by it is forgotten. One that is missing,
   * damaged or without a name is set aside for a new one.
   *
   * @param random draws the name
   * @return the log's name
   */
  public static Bytes prepare(Path folder, Bytes32 realmId, Disk disk, SecureRandom random)
      throws IOException {
    Optional<Opened> present = open(folder, realmId, disk);
    if (present.isPresent()) {
      present.get().log.close();
      if (!present.get().name.isZero()) {
        return present.get().name;
      }
    }
    if (Files.isDirectory(folder)) {
      for (int number : segments(folder)) {
        Files.delete(path(folder, number));
      }
    }
    byte[] name = new byte[NAME_BYTES];
    random.nextBytes(name);
    disk.makeFolder(folder);
    create(disk, path(folder, 0), List.of(start(realmId, Bytes.wrap(name)))).close();
    disk.syncFolder(folder);
    return Bytes.wrap(name);
  }

  /**
   * Opens a log; empty when it is missing, damaged or of another realm, so that its validator must
   * not vote. A frame that a crash cut short at the very end is cut off.
   *
   * @throws WrongFormatException when another version of Kith wrote it
   */
  public static Optional<Opened> open(Path folder, Bytes32 realmId, Disk disk) throws IOException {
    List<Integer> numbers = Files.isDirectory(folder) ? segments(folder) : List.of();
    try {
      return read(folder, realmId, numbers, disk);
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Opened> read(
      Path folder, Bytes32 realmId, List<Integer> numbers, Disk disk) throws IOException {
    List<Integer> whole = new ArrayList<>(numbers);
    if (whole.size() > 1 && empty(path(folder, whole.getLast()))) {
      // A crash cut short the making of the newest segment: the one before it still stands.
      Files.delete(path(folder, whole.removeLast()));
    }
    List<WalRecord> records = new ArrayList<>();
    @Nullable WalRecord start = null;
    int newest = -1;
    int soundBytes = 0;
    for (int number : whole) {
      byte[] file = Files.readAllBytes(path(folder, number));
      Segment.HEADER.check(path(folder, number), file);
      Segment.Contents contents = Segment.decode(file, number == whole.getLast());
      if (contents.records().isEmpty() || !starts(contents.records().getFirst(), realmId, start)) {
        return Optional.empty();
      }
      start = contents.records().getFirst();
      records.addAll(contents.records().subList(1, contents.records().size()));
      newest = number;
      soundBytes = contents.soundBytes();
    }
    if (newest < 0 || start == null) {
      return Optional.empty();
    }
    FileChannel channel = disk.open(path(folder, newest), StandardOpenOption.WRITE);
    try {
      channel.truncate(soundBytes);
      return Optional.of(
          new Opened(
              new WriteAheadLog(disk, folder, start, channel, newest),
              name(start),
              List.copyOf(records)));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Appends an entry; it may be lost until {@link #sync}. */
  public void append(WalRecord record) throws IOException {
    bytes += write(channel, record);
  }

  /** Returns once everything appended is on disk. */
  public void sync() throws IOException {
    if (syncedBytes < bytes) {
      channel.force(false);
      syncedBytes = bytes;
    }
  }

  /** Bytes in the newest segment. */
  public long bytes() {
    return bytes;
  }

  /** Begins a new segment with what still matters, then deletes the older ones. */
  public void rotate(List<WalRecord> live) throws IOException {
    sync();
    begin(live);
  }

  /**
   * Goes on after {@link #append}, {@link #sync} or {@link #rotate} failed, on a disk that was full
   * perhaps. What a failed fsync left behind is unknown, so nothing of it is used again.
   *
   * @param live everything that still matters, also what the failed call was about
   */
  public void repair(List<WalRecord> live) throws IOException {
    channel.truncate(syncedBytes);
    channel.position(syncedBytes);
    channel.force(false);
    bytes = syncedBytes;
    begin(live);
  }

  private void begin(List<WalRecord> live) throws IOException {
    List<WalRecord> records = new ArrayList<>();
    records.add(start);
    records.addAll(live);
    FileChannel next = create(disk, path(folder, number + 1), records);
    FileChannel full = channel;
    channel = next;
    number++;
    bytes = next.position();
    syncedBytes = bytes;
    // Only a segment whose name is on disk too may take the place of the older ones.
    disk.syncFolder(folder);
    full.close();
    for (int old : segments(folder)) {
      if (old < number) {
        Files.delete(path(folder, old));
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (FileChannel closing = channel) {
      if (closing.isOpen()) {
        sync();
      }
    }
  }

  /** Whether a segment holds nothing but its first record, or not even that. */
  private static boolean empty(Path segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    try {
      if (bytes.length < FileHeader.BYTES) {
        return true;
      }
      Segment.HEADER.check(segment, bytes);
      return Segment.decode(bytes, true).records().size() <= 1;
    } catch (DecodeException e) {
      return !Segment.soundFrameAfter(bytes, 0);
    }
  }

  private static WalRecord start(Bytes32 realmId, Bytes name) {
    return new WalRecord(WalRecord.Type.START, 0, 0, Bytes.concatenate(realmId, name));
  }

  /** Whether a segment may begin so, after one that began with {@code before}. */
  private static boolean starts(WalRecord first, Bytes32 realmId, @Nullable WalRecord before) {
    int bytes = first.payload().size();
    return first.type() == WalRecord.Type.START
        && (bytes == Bytes32.SIZE || bytes == Bytes32.SIZE + NAME_BYTES)
        && first.payload().slice(0, Bytes32.SIZE).equals(realmId)
        && (before == null || before.equals(first));
  }

  /** The name in a segment's first record; zeros where the log was made with the realm. */
  private static Bytes name(WalRecord start) {
    Bytes name = start.payload().slice(Bytes32.SIZE);
    return name.isEmpty() ? Bytes.wrap(new byte[NAME_BYTES]) : name;
  }

  private static long write(FileChannel to, WalRecord record) throws IOException {
    return write(to, Segment.encode(record));
  }

  private static long write(FileChannel to, byte[] bytes) throws IOException {
    ByteBuffer frame = ByteBuffer.wrap(bytes);
    int length = frame.remaining();
    while (frame.hasRemaining()) {
      to.write(frame);
    }
    return length;
  }

  /** Makes a segment with these records, forced to disk, or none. */
  private static FileChannel create(Disk disk, Path segment, List<WalRecord> records)
      throws IOException {
    FileChannel made =
        disk.open(
            segment,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    try {
      write(made, Segment.HEADER.encode());
      for (WalRecord record : records) {
        write(made, record);
      }
      made.force(true);
      return made;
    } catch (IOException e) {
      try (made) {
        Files.deleteIfExists(segment);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private static Path path(Path folder, int number) {
    return folder.resolve(PREFIX + "%08d".formatted(number) + SUFFIX);
  }

  private static List<Integer> segments(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(PREFIX + "\\d{8}\\" + SUFFIX))
          .map(name -> Integer.valueOf(name.substring(PREFIX.length(), PREFIX.length() + 8)))
          .sorted(Comparator.naturalOrder())
          .toList();
    }
  }
}
