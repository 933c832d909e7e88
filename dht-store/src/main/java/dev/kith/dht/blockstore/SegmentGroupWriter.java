package dev.kith.dht.blockstore;

import dev.kith.dht.blockstore.StoreIndex.Extent;
import dev.kith.dht.blockstore.StoreIndex.Location;
import dev.kith.dht.blockstore.StoreIndex.Placed;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.MerkleTree;
import dev.kith.dht.chunk.SealedChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Writes one group to the end of one segment. Its monitor guards all state. */
final class SegmentGroupWriter implements GroupWriter {
  private enum State {
    WRITING,
    /** Committed, or in doubt as the index failed. */
    ENDED,
    CLOSED
  }

  private final SegmentBlockStore store;
  private final GroupId group;
  private final Segments.Segment segment;
  private final ByteBuffer buffer;
  private final BlockAppender out;
  private final long start;
  private final boolean newFile;
  private final List<Placed> placed = new ArrayList<>();
  private long reservation;
  private long bytes;
  private State state = State.WRITING;

  SegmentGroupWriter(
      SegmentBlockStore store,
      GroupId group,
      Segments.Segment segment,
      long committed,
      ByteBuffer buffer,
      long reservation)
      throws IOException {
    this.store = store;
    this.group = group;
    this.segment = segment;
    this.buffer = buffer;
    this.reservation = reservation;
    this.newFile = committed == 0;
    this.out = new BlockAppender(store.segments().file(segment.number()), committed, buffer);
    if (newFile) {
      out.write(SegmentFormat.fileHeader(segment.number()), 0, SegmentFormat.BLOCK);
    }
    this.start = out.position();
  }

  @Override
  public synchronized void append(SealedChunk chunk) throws IOException {
    checkWriting();
    byte[] header = SegmentFormat.header(group, chunk);
    long needed =
        SegmentFormat.align(
            out.position() - start + header.length + chunk.length() + SegmentFormat.FOOTER_BYTES);
    if (needed > reservation) {
      store.reserve(needed - reservation);
      reservation = needed;
    }
    try {
      out.write(header, 0, header.length);
      placed.add(
          new Placed(chunk.id(), new Location(segment.number(), out.position(), chunk.length())));
      out.write(chunk.data(), 0, chunk.length());
    } catch (IOException e) {
      throw store.diskFull(e);
    }
    bytes += chunk.length();
  }

  @Override
  public synchronized int chunks() {
    return placed.size();
  }

  @Override
  public synchronized int length(int index) {
    return placed.get(index).location().length();
  }

  @Override
  public int read(int index, byte[] target) throws IOException {
    Location location;
    int flushed;
    synchronized (this) {
      location = placed.get(index).location();
      flushed =
          state == State.WRITING
              ? out.readBuffered(location.offset(), target, 0, location.length())
              : location.length();
    }
    // The disk is waited for outside the lock, so that appending goes on.
    out.readFlushed(location.offset(), target, 0, flushed);
    return location.length();
  }

  @Override
  public synchronized StoredGroup commit() throws IOException {
    checkWriting();
    StoredGroup stored =
        new StoredGroup(
            group,
            MerkleTree.rootOver(placed.stream().map(p -> p.chunk().hash()).toList()),
            bytes,
            placed.size(),
            store.clock().millis());
    try {
      out.write(SegmentFormat.footer(stored), 0, SegmentFormat.FOOTER_BYTES);
      out.padAndSync();
      if (newFile) {
        store.syncSegmentFolder();
      }
    } catch (IOException e) {
      throw store.diskFull(e);
    }
    Extent extent = new Extent(segment.number(), start, out.position() - start);
    boolean known = false;
    try {
      store.index().commit(new StoreIndex.GroupRow(stored, extent), placed);
      known = true;
    } finally {
      state = State.ENDED;
      giveBack();
      if (known) {
        store.segments().released(segment, extent.end(), extent.length());
      } else {
        // The rows may be on the disk all the same: what they point at must stay.
        store.segments().doubted(segment, extent.end(), extent.length());
      }
    }
    out.endWriting();
    return stored;
  }

  @Override
  public synchronized void close() throws IOException {
    switch (state) {
      case CLOSED -> {}
      case ENDED -> {
        state = State.CLOSED;
        out.close();
      }
      case WRITING -> {
        state = State.CLOSED;
        abandon();
      }
    }
  }

  private void abandon() throws IOException {
    boolean clean = false;
    try (out) {
      if (newFile) {
        Files.deleteIfExists(store.segments().file(segment.number()));
      } else {
        out.cut(start);
      }
      clean = true;
    } finally {
      giveBack();
      store.segments().abandoned(segment, clean);
    }
  }

  /** Gives back all that a writer holds, but the segment. */
  private void giveBack() {
    store.finished(this, group, reservation);
    store.buffers().give(buffer);
  }

  private void checkWriting() {
    if (state != State.WRITING) {
      throw new IllegalStateException(group + " is committed or abandoned");
    }
  }
}
