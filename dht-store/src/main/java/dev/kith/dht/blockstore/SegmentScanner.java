package dev.kith.dht.blockstore;

import dev.kith.dht.blockstore.StoreIndex.Extent;
import dev.kith.dht.blockstore.StoreIndex.GroupRow;
import dev.kith.dht.blockstore.StoreIndex.Location;
import dev.kith.dht.blockstore.StoreIndex.Placed;
import dev.kith.dht.chunk.MerkleTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds a lost index from the headers in the segment files. A group counts when all of its
 * records and its footer are sound and agree. Groups that were deleted and whose bytes are still
 * there come back; whoever owns the store deletes them again.
 */
final class SegmentScanner {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentScanner.class);

  private final Segments segments;
  private final StoreIndex index;

  SegmentScanner(Segments segments, StoreIndex index) {
    this.segments = segments;
    this.index = index;
  }

  void rebuild() throws IOException {
    int groups = 0;
    for (int number : segments.files()) {
      try (FileChannel in = FileChannel.open(segments.file(number), StandardOpenOption.READ)) {
        groups += scan(number, in);
      }
    }
    if (groups > 0) {
      LOG.warn("the index was missing; it was rebuilt with {} groups", groups);
    }
  }

  private int scan(int number, FileChannel in) throws IOException {
    long size = in.size();
    byte[] first = new byte[SegmentFormat.BLOCK];
    if (size < first.length) {
      return 0;
    }
    BlockAppender.readFully(in, 0, first, 0, first.length);
    if (!SegmentFormat.isFileHeader(first, number)) {
      LOG.warn("{} has no header of a segment; what is in it is not used", segments.file(number));
      return 0;
    }
    int groups = 0;
    long position = SegmentFormat.BLOCK;
    Optional<GroupRow> group = scanGroup(number, in, position);
    while (group.isPresent()) {
      groups++;
      position = group.get().extent().end();
      group = scanGroup(number, in, position);
    }
    if (position < size) {
      LOG.info("segment {}: nothing sound after byte {}", number, position);
    }
    return groups;
  }

  private Optional<GroupRow> scanGroup(int number, FileChannel in, long start) throws IOException {
    List<Placed> placed = new ArrayList<>();
    List<Bytes32> ids = new ArrayList<>();
    long position = start;
    while (true) {
      ByteBuffer bytes = read(in, position);
      Optional<StoredGroup> footer = SegmentFormat.readFooter(bytes);
      if (footer.isPresent()) {
        long end = SegmentFormat.align(position + SegmentFormat.FOOTER_BYTES);
        if (end > in.size() || !footer.get().root().equals(MerkleTree.rootOver(ids))) {
          return Optional.empty();
        }
        GroupRow row = new GroupRow(footer.get(), new Extent(number, start, end - start));
        index.commit(row, placed);
        return Optional.of(row);
      }
      Optional<SegmentFormat.Header> header = SegmentFormat.readHeader(bytes);
      if (header.isEmpty()) {
        return Optional.empty();
      }
      int length = header.get().length();
      long data = position + SegmentFormat.headerBytes(length);
      placed.add(new Placed(header.get().chunk(), new Location(number, data, length)));
      ids.add(header.get().chunk().hash());
      position = data + length;
    }
  }

  /** As many bytes as the longest header has, fewer at the end of the file. */
  private static ByteBuffer read(FileChannel in, long position) throws IOException {
    long length = Math.clamp(in.size() - position, 0, SegmentFormat.BLOCK);
    byte[] bytes = new byte[(int) length];
    BlockAppender.readFully(in, position, bytes, 0, bytes.length);
    return ByteBuffer.wrap(bytes);
  }
}
