package dev.kith.ledger.wal;

import dev.kith.ledger.codec.DecodeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A folder of append-only segments. What {@link #sync} returned for survives a power cut. A log is
 * made once, by {@link #format}, when its validator is made; a log that is missing later was lost,
 * and with it the knowledge of what its validator said, so {@link #open} refuses it. One thread
 * uses it.
 */
public final class WriteAheadLog implements AutoCloseable {
  private static final String PREFIX = "wal-";
  private static final String SUFFIX = ".log";

  private final Path folder;
  private final Bytes32 realmId;
  private FileChannel channel;
  private int number;
  private long bytes;
  private long syncedBytes;

  private WriteAheadLog(Path folder, Bytes32 realmId, FileChannel channel, int number)
      throws IOException {
    this.folder = folder;
    this.realmId = realmId;
    this.channel = channel;
    this.number = number;
    bytes = channel.size();
    syncedBytes = bytes;
    channel.position(bytes);
  }

  /** A log that was opened, with the entries of its segments in order. */
  public record Opened(WriteAheadLog log, List<WalRecord> records) {}

  /**
   * Makes an empty log, for a validator that never voted. An empty one that is there already, of
   * whatever realm, is replaced.
   *
   * @throws IOException also when there is one already with something in it
   */
  public static void format(Path folder, Bytes32 realmId) throws IOException {
    Files.createDirectories(folder);
    for (int number : segments(folder)) {
      if (number > 0 || !empty(Files.readAllBytes(path(folder, number)))) {
        throw new IOException(folder + ": there is a write-ahead log already");
      }
    }
    try (FileChannel first = create(folder, 0)) {
      write(first, start(realmId));
      first.force(true);
    }
    syncFolder(folder);
  }

  /**
   * Opens a log; empty when it is missing, damaged or of another realm, so that its validator must
   * not vote. A frame that a crash cut short at the very end is cut off.
   */
  public static Optional<Opened> open(Path folder, Bytes32 realmId) throws IOException {
    List<Integer> numbers = Files.isDirectory(folder) ? segments(folder) : List.of();
    try {
      return read(folder, realmId, numbers);
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Opened> read(Path folder, Bytes32 realmId, List<Integer> numbers)
      throws IOException {
    List<Integer> whole = new ArrayList<>(numbers);
    if (whole.size() > 1 && empty(Files.readAllBytes(path(folder, whole.getLast())))) {
      // A crash cut short the making of the newest segment: the one before it still stands.
      Files.delete(path(folder, whole.removeLast()));
    }
    List<WalRecord> records = new ArrayList<>();
    int newest = -1;
    int soundBytes = 0;
    for (int number : whole) {
      byte[] file = Files.readAllBytes(path(folder, number));
      Segment.Contents contents = Segment.decode(file, number == whole.getLast());
      if (contents.records().isEmpty() || !contents.records().getFirst().equals(start(realmId))) {
        return Optional.empty();
      }
      records.addAll(contents.records().subList(1, contents.records().size()));
      newest = number;
      soundBytes = contents.soundBytes();
    }
    if (newest < 0) {
      return Optional.empty();
    }
    FileChannel channel = FileChannel.open(path(folder, newest), StandardOpenOption.WRITE);
    channel.truncate(soundBytes);
    return Optional.of(
        new Opened(new WriteAheadLog(folder, realmId, channel, newest), List.copyOf(records)));
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
    FileChannel next = create(folder, number + 1);
    long written = write(next, start(realmId));
    for (WalRecord record : live) {
      written += write(next, record);
    }
    next.force(true);
    syncFolder(folder);
    channel.close();
    channel = next;
    number++;
    bytes = written;
    syncedBytes = written;
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
  private static boolean empty(byte[] segment) {
    try {
      return Segment.decode(segment, true).records().size() <= 1;
    } catch (DecodeException e) {
      return false;
    }
  }

  private static WalRecord start(Bytes32 realmId) {
    return new WalRecord(WalRecord.Type.START, 0, 0, realmId);
  }

  private static long write(FileChannel to, WalRecord record) throws IOException {
    ByteBuffer frame = ByteBuffer.wrap(Segment.encode(record));
    int length = frame.remaining();
    while (frame.hasRemaining()) {
      to.write(frame);
    }
    return length;
  }

  private static FileChannel create(Path folder, int number) throws IOException {
    return FileChannel.open(
        path(folder, number),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
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

  private static void syncFolder(Path folder) throws IOException {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
