package dev.kith.dht.blockstore;

import dev.kith.dht.blockstore.StoreIndex.Extent;
import dev.kith.dht.blockstore.StoreIndex.GroupRow;
import dev.kith.dht.chunk.GroupId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what lives in a mostly dead segment to another one, so that the file can go. A thread of
 * its own does so in the background; writers who need room do it themselves.
 */
final class Compactor {
  private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

  /** Below this share of dead bytes a segment is left alone while there is room. */
  private static final double DEAD_SHARE = 0.5;

  private final SegmentBlockStore store;
  private final Semaphore work = new Semaphore(0);
  private final Object oneAtATime = new Object();
  private final Thread thread;

  Compactor(SegmentBlockStore store) {
    this.store = store;
    this.thread = Thread.ofVirtual().name("blockstore-compactor").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void wake() {
    work.release();
  }

  void stop() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        work.acquire();
        work.drainPermits();
        boolean more = true;
        while (more) {
          more = compactQuietly();
        }
      }
    } catch (InterruptedException e) {
      // The store closes.
      return;
    }
  }

  private boolean compactQuietly() throws InterruptedException {
    try {
      return compactOne(DEAD_SHARE);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LOG.warn("a segment could not be compacted", e);
      return false;
    }
  }

  /**
   * Compacts the segment with the most dead bytes.
   *
   * @param deadShareMin segments with a lower share of dead bytes are left alone
   * @return whether there was one
   */
  boolean compactOne(double deadShareMin) throws IOException {
    synchronized (oneAtATime) {
      Optional<Segments.Fill> victim = store.segments().takeMostDead(deadShareMin);
      if (victim.isEmpty()) {
        return false;
      }
      int number = victim.get().number();
      try {
        if (victim.get().live() > 0) {
          copyLive(number);
        }
      } finally {
        store.segments().busy(number, false);
      }
      store.dropIfDead(number);
      return true;
    }
  }

  private void copyLive(int from) throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(WriteBuffers.BUFFER_BYTES + SegmentFormat.BLOCK)
            .alignedSlice(SegmentFormat.BLOCK)
            .slice(0, WriteBuffers.BUFFER_BYTES);
    try (FileChannel in = FileChannel.open(store.segments().file(from), StandardOpenOption.READ)) {
      for (GroupId group : store.index().groupsIn(from)) {
        Optional<GroupRow> row = store.index().group(group);
        if (row.isPresent() && row.get().extent().segment() == from) {
          copy(row.get(), in, buffer);
        }
      }
    }
  }

  /** How the copying of a group ended. */
  private enum Outcome {
    MOVED,
    /** It was deleted meanwhile, or could not be copied: the index knows of no other place. */
    NOT_COPIED,
    /** The index failed: it may know of the new place. */
    IN_DOUBT
  }

  private void copy(GroupRow row, FileChannel in, ByteBuffer buffer) throws IOException {
    Segments.Segment target = store.segments().acquire();
    long committed = store.segments().committed(target);
    Extent old = row.extent();
    Outcome outcome = Outcome.NOT_COPIED;
    try (BlockAppender out =
        new BlockAppender(store.segments().file(target.number()), committed, buffer)) {
      if (committed == 0) {
        out.write(SegmentFormat.fileHeader(target.number()), 0, SegmentFormat.BLOCK);
      }
      Extent extent = new Extent(target.number(), out.position(), old.length());
      byte[] part = new byte[256 << 10];
      for (long done = 0; done < old.length(); ) {
        int length = (int) Math.min(part.length, old.length() - done);
        BlockAppender.readFully(in, old.offset() + done, part, 0, length);
        out.write(part, 0, length);
        done += length;
      }
      out.padAndSync();
      store.syncSegmentFolder();
      outcome = Outcome.IN_DOUBT;
      outcome = move(row, extent) ? Outcome.MOVED : Outcome.NOT_COPIED;
    } finally {
      switch (outcome) {
        case MOVED -> {
          store.segments().released(target, committed + added(committed, old), old.length());
          store.segments().freed(old.segment(), old.length());
        }
        case IN_DOUBT -> {
          // Either place may be the group's after the next start.
          store.segments().doubted(target, committed + added(committed, old), old.length());
          store.segments().doubted(old.segment());
        }
        case NOT_COPIED -> abandon(target, committed);
      }
    }
  }

  /** By how much a copy of a group lengthens a segment. */
  private static long added(long committed, Extent group) {
    return group.length() + (committed == 0 ? SegmentFormat.BLOCK : 0);
  }

  private void abandon(Segments.Segment target, long committed) throws IOException {
    boolean clean = false;
    try {
      Path file = store.segments().file(target.number());
      if (committed == 0) {
        Files.deleteIfExists(file);
      } else {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(committed);
        }
      }
      clean = true;
    } finally {
      store.segments().abandoned(target, clean);
    }
  }

  /** Whether the group was still where it had been; one that was deleted meanwhile is not moved. */
  private boolean move(GroupRow row, Extent to) throws IOException {
    store.rows().lock();
    try {
      if (!store.index().group(row.group().group()).equals(Optional.of(row))) {
        return false;
      }
      store.index().move(row, to);
      return true;
    } finally {
      store.rows().unlock();
    }
  }
}
