package dev.kith.dht.blockstore;

import dev.kith.dht.blockstore.StoreIndex.Extent;
import dev.kith.dht.blockstore.StoreIndex.GroupRow;
import dev.kith.dht.blockstore.StoreIndex.Location;
import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.GroupId;
import dev.kith.libp2p.datastore.Datastore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chunks in append-only segment files, and an index in a {@link Datastore}.
 *
 * <p><b>Confirmed means:</b> the segment's data was synced, then the group's rows were written to
 * the index in one synced batch. The index decides: what lies in a segment and not in the index was
 * never confirmed, and is cut off at the next start. Every record has a header all the same, so
 * that an index that is lost can be rebuilt from the segments.
 *
 * <p><b>Deleting</b> a group takes its rows out of the index. A segment in which nothing lives any
 * more is deleted; one that is more than half dead is copied to another by {@link Compactor}, which
 * spares flash; and when room is short less dead ones are too.
 */
public final class SegmentBlockStore implements BlockStore {
  /** Groups that are written at once. */
  static final int WRITERS_MAX = 32;

  private static final Logger LOG = LoggerFactory.getLogger(SegmentBlockStore.class);
  private static final int WRITER_WAIT_SECONDS = 30;

  private final Settings settings;
  private final Path segmentFolder;
  private final StoreIndex index;
  private final Segments segments;
  private final WriteBuffers buffers = new WriteBuffers(WRITERS_MAX, WRITER_WAIT_SECONDS);
  private final InstantSource clock;
  private final Compactor compactor;

  /** Orders changes to rows that are there: a group is deleted or moved, not both. */
  private final ReentrantLock rows = new ReentrantLock();

  // Guarded by this.
  private final Set<GroupId> writing = new HashSet<>();
  private final Set<GroupWriter> writers = new HashSet<>();
  private long reserved;
  private boolean closed;

  /**
   * @param quota what the store may take, with headers and padding; while a segment is compacted it
   *     may take that segment's live bytes more
   * @param segmentBytes a segment of this length gets no further group
   * @param diskReserveBytes what is left free on the disk
   */
  public record Settings(long quota, long segmentBytes, long diskReserveBytes) {
    public Settings {
      if (quota < 0) {
        throw new IllegalArgumentException("quota: " + quota);
      }
      if (segmentBytes < 1) {
        throw new IllegalArgumentException("segmentBytes: " + segmentBytes);
      }
    }

    /** Segments of 256 MiB, and 256 MiB left free on the disk. */
    public static Settings withQuota(long quota) {
      return new Settings(quota, 256L << 20, 256L << 20);
    }
  }

  private SegmentBlockStore(Path folder, StoreIndex index, Settings settings, InstantSource clock) {
    this.settings = settings;
    this.segmentFolder = folder.resolve("segments");
    this.index = index;
    this.segments = new Segments(segmentFolder, settings.segmentBytes());
    this.clock = clock;
    this.compactor = new Compactor(this);
  }

  /**
   * Opens the store in a folder, or makes one there.
   *
   * @param index a datastore of the store's own; it is closed with the store
   * @throws StoreFormatException when another version of Kith wrote it
   */
  public static SegmentBlockStore open(
      Path folder, Datastore index, Settings settings, InstantSource clock) throws IOException {
    Files.createDirectories(folder.resolve("segments"));
    StoreFormat.check(folder);
    SegmentBlockStore store = new SegmentBlockStore(folder, new StoreIndex(index), settings, clock);
    store.recover();
    store.compactor.start();
    return store;
  }

  private void recover() throws IOException {
    if (index.isNew()) {
      new SegmentScanner(segments, index).rebuild();
      index.markVersion();
    }
    List<Extent> extents = new ArrayList<>();
    List<GroupRow> lost = new ArrayList<>();
    AtomicInteger highest = new AtomicInteger();
    index.forEachGroup(
        row -> {
          highest.accumulateAndGet(row.extent().segment(), Math::max);
          if (fileLength(row.extent().segment()) >= row.extent().end()) {
            extents.add(row.extent());
          } else {
            lost.add(row);
          }
          return true;
        });
    for (GroupRow row : lost) {
      LOG.error("{} is lost: its segment was cut or deleted by others", row.group().group());
      index.delete(row);
    }
    segments.adopt(extents, highest.get());
  }

  private long fileLength(int segment) throws IOException {
    try {
      return Files.size(segments.file(segment));
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  @Override
  public GroupWriter begin(GroupId group, long bytesExpected)
      throws IOException, InterruptedException {
    synchronized (this) {
      checkOpen();
      if (writing.contains(group) || index.group(group).isPresent()) {
        throw new IllegalStateException(group + " is there or being written");
      }
      writing.add(group);
    }
    try {
      return beginReserved(group, SegmentFormat.align(bytesExpected) + SegmentFormat.BLOCK);
    } catch (IOException | InterruptedException | RuntimeException e) {
      synchronized (this) {
        writing.remove(group);
      }
      throw e;
    }
  }

  private GroupWriter beginReserved(GroupId group, long reservation)
      throws IOException, InterruptedException {
    ByteBuffer buffer = buffers.take();
    Segments.Segment segment = null;
    try {
      reserve(reservation);
      segment = segments.acquire();
      GroupWriter writer =
          new SegmentGroupWriter(
              this, group, segment, segments.committed(segment), buffer, reservation);
      synchronized (this) {
        writers.add(writer);
      }
      return writer;
    } catch (IOException | RuntimeException e) {
      buffers.give(buffer);
      if (segment != null) {
        segments.abandoned(segment, true);
        release(reservation);
      }
      throw e;
    }
  }

  /** Sets room aside, and makes some where there are deleted groups. */
  void reserve(long bytes) throws IOException {
    while (true) {
      Optional<StoreFullException> full = tryReserve(bytes);
      if (full.isEmpty()) {
        return;
      }
      if (!compactor.compactOne(0)) {
        throw full.get();
      }
    }
  }

  private synchronized Optional<StoreFullException> tryReserve(long bytes) throws IOException {
    checkOpen();
    StoreUsage usage = usage();
    if (usage.live() + usage.dead() + reserved + bytes > settings.quota()) {
      return Optional.of(
          new StoreFullException(
              StoreFullException.Limit.QUOTA,
              "the quota of " + settings.quota() + " bytes is spent"));
    }
    long room = Files.getFileStore(segmentFolder).getUsableSpace() - settings.diskReserveBytes();
    if (reserved + bytes > room) {
      return Optional.of(
          new StoreFullException(
              StoreFullException.Limit.DISK,
              "the disk under " + segmentFolder + " has less room than the reserve asks for"));
    }
    reserved += bytes;
    return Optional.empty();
  }

  /** A disk that is full says so in words only. */
  IOException diskFull(IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("No space left") || message.contains("quota exceeded")) {
      StoreFullException full =
          new StoreFullException(
              StoreFullException.Limit.DISK, "the disk under " + segmentFolder + " is full");
      full.initCause(e);
      return full;
    }
    return e;
  }

  private synchronized void release(long bytes) {
    reserved -= bytes;
  }

  synchronized void finished(GroupWriter writer, GroupId group, long reservation) {
    writers.remove(writer);
    writing.remove(group);
    reserved -= reservation;
  }

  @Override
  public Optional<StoredGroup> group(GroupId group) throws IOException {
    return index.group(group).map(GroupRow::group);
  }

  @Override
  public List<ChunkId> chunks(GroupId group) throws IOException {
    return index.chunks(group);
  }

  @Override
  public void forEachGroup(GroupVisitor visitor) throws IOException {
    index.forEachGroup(row -> visitor.visit(row.group()));
  }

  @Override
  public Optional<StoredChunk> open(ChunkId chunk) throws IOException {
    NoSuchFileException moved = null;
    // Between the look-up and the opening the chunk may move, and its old file go.
    for (int attempt = 0; attempt < 3; attempt++) {
      Optional<Location> location = index.locate(chunk);
      if (location.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            new SegmentStoredChunk(chunk, segments.file(location.get().segment()), location.get()));
      } catch (NoSuchFileException e) {
        moved = e;
      }
    }
    throw new IOException(chunk + ": its segment is missing", moved);
  }

  @Override
  public boolean delete(GroupId group) throws IOException {
    Optional<GroupRow> row;
    rows.lock();
    try {
      row = index.group(group);
      if (row.isPresent()) {
        index.delete(row.get());
      }
    } finally {
      rows.unlock();
    }
    if (row.isPresent()) {
      Extent extent = row.get().extent();
      segments.freed(extent.segment(), extent.length());
      dropIfDead(extent.segment());
      compactor.wake();
    }
    return row.isPresent();
  }

  /** Deletes a segment's file where nothing lives in it. */
  void dropIfDead(int segment) throws IOException {
    Optional<Segments.Segment> dead = segments.removeIfDead(segment);
    if (dead.isPresent()) {
      // The rows must be gone for good before the bytes are. Other groups are written meanwhile, to
      // segments with other numbers.
      try {
        index.sync();
      } catch (IOException e) {
        segments.putBack(dead.get());
        throw e;
      }
      Files.deleteIfExists(segments.file(segment));
    }
  }

  @Override
  public synchronized StoreUsage usage() {
    long live = 0;
    long dead = 0;
    for (Segments.Fill fill : segments.fills()) {
      live += fill.committed() - fill.dead();
      dead += fill.dead();
    }
    return new StoreUsage(settings.quota(), live, dead, reserved);
  }

  @Override
  public void close() throws IOException {
    List<GroupWriter> open;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      open = List.copyOf(writers);
    }
    compactor.stop();
    try (index) {
      for (GroupWriter writer : open) {
        writer.close();
      }
    }
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("the block store is closed");
    }
  }

  void syncSegmentFolder() throws IOException {
    StoreFormat.syncFolder(segmentFolder);
  }

  StoreIndex index() {
    return index;
  }

  Segments segments() {
    return segments;
  }

  WriteBuffers buffers() {
    return buffers;
  }

  ReentrantLock rows() {
    return rows;
  }

  InstantSource clock() {
    return clock;
  }
}
