package dev.kith.dht.blockstore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment files of a store: which there are, how full each is, who writes to it. A segment has
 * one writer at a time, so that a group lies in one piece. Thread-safe.
 *
 * <p>A number is never given twice while the store is open, and at its start none that a file or a
 * row of the index still has: a dead segment's file is deleted some time after the segment left
 * this list, and must not be that of a newer one by then.
 */
final class Segments {
  private static final Logger LOG = LoggerFactory.getLogger(Segments.class);
  private static final String SUFFIX = ".seg";

  private final Path folder;
  private final long segmentBytes;
  private final TreeMap<Integer, Segment> segments = new TreeMap<>();
  private int nextNumber = 1;

  /**
   * @param segmentBytes a segment of at least this length gets no further group
   */
  Segments(Path folder, long segmentBytes) {
    this.folder = folder;
    this.segmentBytes = segmentBytes;
  }

  /** One file. Its fields belong to {@link Segments}' lock. */
  static final class Segment {
    private final int number;
    private long committed;
    private long live;
    private boolean busy;
    private boolean doubtful;

    private Segment(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /**
   * What a segment holds, at one moment.
   *
   * @param closed whether nobody may write to it, copy or delete it now
   */
  record Fill(int number, long committed, long live, boolean closed) {
    /** Bytes of deleted groups; the header block lives as long as the file. */
    long dead() {
      return Math.max(0, committed - live - SegmentFormat.BLOCK);
    }
  }

  Path file(int number) {
    return folder.resolve(String.format("%010d%s", number, SUFFIX));
  }

  /** The numbers of the files that are there. */
  List<Integer> files() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        try {
          numbers.add(Integer.parseInt(name.substring(0, name.length() - SUFFIX.length())));
        } catch (NumberFormatException e) {
          LOG.warn("{} is no segment of this store and is left alone", entry);
        }
      }
    }
    numbers.sort(Comparator.naturalOrder());
    return numbers;
  }

  /**
   * Takes over what the index knows, at start: cuts off each file's torn tail, and deletes files
   * that hold nothing confirmed.
   *
   * @param highestNumber of all segments that the index named
   */
  synchronized void adopt(List<StoreIndex.Extent> extents, int highestNumber) throws IOException {
    nextNumber = Math.max(nextNumber, highestNumber + 1);
    for (StoreIndex.Extent extent : extents) {
      Segment segment = segments.computeIfAbsent(extent.segment(), Segment::new);
      segment.committed = Math.max(segment.committed, extent.end());
      segment.live += extent.length();
    }
    for (int number : files()) {
      nextNumber = Math.max(nextNumber, number + 1);
      Segment segment = segments.get(number);
      if (segment == null) {
        Files.delete(file(number));
      } else {
        cutTail(segment);
      }
    }
  }

  private void cutTail(Segment segment) throws IOException {
    try (FileChannel channel = FileChannel.open(file(segment.number), StandardOpenOption.WRITE)) {
      long torn = channel.size() - segment.committed;
      if (torn > 0) {
        LOG.info("segment {}: {} unconfirmed bytes are cut off", segment.number, torn);
        channel.truncate(segment.committed);
      }
    }
  }

  /** A segment with room, for one writer; where it is empty the writer starts the file. */
  synchronized Segment acquire() {
    for (Segment segment : segments.values()) {
      if (!segment.busy && !segment.doubtful && segment.committed < segmentBytes) {
        segment.busy = true;
        return segment;
      }
    }
    Segment segment = new Segment(nextNumber++);
    segment.busy = true;
    segments.put(segment.number, segment);
    return segment;
  }

  /** Where the writer who acquired the segment goes on. */
  synchronized long committed(Segment segment) {
    return segment.committed;
  }

  /** The writer is done: a group ends at {@code committed} now. */
  synchronized void released(Segment segment, long committed, long groupBytes) {
    segment.committed = committed;
    segment.live += groupBytes;
    segment.busy = false;
  }

  /**
   * The writer gave up, and nothing of what it wrote is in the index.
   *
   * @param clean whether the file ends where it did before; otherwise it is left as it is until the
   *     next start, which cuts it
   */
  synchronized void abandoned(Segment segment, boolean clean) {
    segment.busy = false;
    if (segment.committed == 0) {
      segments.remove(segment.number);
    } else {
      segment.doubtful |= !clean;
    }
  }

  /**
   * The index failed when it was to take over a group that ends at {@code end}: only the next start
   * can tell whether it did. Until then the file stays as it is, and nobody writes to it.
   */
  synchronized void doubted(Segment segment, long end, long groupBytes) {
    released(segment, end, groupBytes);
    segment.doubtful = true;
  }

  /** As {@link #doubted(Segment, long, long)}, of a segment out of which a group was to move. */
  synchronized void doubted(int number) {
    Segment segment = segments.get(number);
    if (segment != null) {
      segment.doubtful = true;
    }
  }

  /** A group in this segment is gone. */
  synchronized void freed(int number, long bytes) {
    Segment segment = segments.get(number);
    if (segment != null) {
      segment.live -= bytes;
    }
  }

  /** Takes a segment out where nothing lives in it; the caller deletes its file. */
  synchronized Optional<Segment> removeIfDead(int number) {
    Segment segment = segments.get(number);
    if (segment == null || segment.busy || segment.doubtful || segment.live > 0) {
      return Optional.empty();
    }
    segments.remove(number);
    return Optional.of(segment);
  }

  /** A removed segment's file could not be deleted after all. */
  synchronized void putBack(Segment segment) {
    segments.put(segment.number, segment);
  }

  /** The idle segment with the most dead bytes, and marks it busy. */
  synchronized Optional<Fill> takeMostDead(double shareMin) {
    Optional<Fill> found =
        fills().stream()
            .filter(f -> !f.closed() && f.dead() > 0 && f.dead() >= shareMin * f.committed())
            .max(Comparator.comparingLong(Fill::dead));
    found.ifPresent(fill -> busy(fill.number(), true));
    return found;
  }

  synchronized void busy(int number, boolean busy) {
    Segment segment = segments.get(number);
    if (segment != null) {
      segment.busy = busy;
    }
  }

  synchronized List<Fill> fills() {
    return segments.values().stream()
        .map(s -> new Fill(s.number, s.committed, s.live, s.busy || s.doubtful))
        .toList();
  }
}
