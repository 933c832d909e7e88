package dev.kith.dht.blockstore;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.GroupId;
import dev.kith.libp2p.datastore.Datastore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Where groups and chunks lie: the part of the store that is in LevelDB. A group is there exactly
 * when its row is; rows change only in whole batches.
 *
 * <pre>
 * 'v'                   -> version u32
 * 'g' group             -> segment u32 | offset u64 | length u64 | root 32 | bytes u64 | chunks u32 | created u64
 * 'l' group             -> chunk 32 *
 * 'e' segment u32 group -> (nothing)
 * 'c' chunk group       -> segment u32 | offset u64 | length u32
 * </pre>
 */
final class StoreIndex implements Closeable {
  private static final int VERSION = 1;
  private static final byte[] VERSION_KEY = {'v'};
  private static final int GROUP_BYTES = 4 + 8 + 8 + 32 + 8 + 4 + 8;

  private final Datastore datastore;

  StoreIndex(Datastore datastore) {
    this.datastore = datastore;
  }

  /** Where a whole group lies, with headers and padding. */
  record Extent(int segment, long offset, long length) {
    long end() {
      return offset + length;
    }
  }

  record GroupRow(StoredGroup group, Extent extent) {}

  /** Where a chunk's data lies. */
  record Location(int segment, long offset, int length) {}

  record Placed(ChunkId chunk, Location location) {}

  interface RowVisitor {
    boolean visit(GroupRow row) throws IOException;
  }

  /** Whether this index was ever written; one that was lost is to be rebuilt from the segments. */
  boolean isNew() throws IOException {
    byte[] version = datastore.get(VERSION_KEY);
    if (version == null) {
      return true;
    }
    if (!Arrays.equals(version, versionValue())) {
      throw new StoreFormatException("the block store's index has an unknown version");
    }
    return false;
  }

  void markVersion() throws IOException {
    datastore.write(new Datastore.Batch().put(VERSION_KEY, versionValue()), true);
  }

  Optional<GroupRow> group(GroupId group) throws IOException {
    byte[] value = datastore.get(groupKey('g', group));
    return value == null ? Optional.empty() : Optional.of(groupRow(group, value));
  }

  List<ChunkId> chunks(GroupId group) throws IOException {
    byte[] value = datastore.get(groupKey('l', group));
    List<ChunkId> chunks = new ArrayList<>();
    for (int i = 0; value != null && i + 32 <= value.length; i += 32) {
      chunks.add(ChunkId.copyOf(value, i));
    }
    return chunks;
  }

  void forEachGroup(RowVisitor visitor) throws IOException {
    datastore.scan(
        new byte[] {'g'},
        (key, value) -> visitor.visit(groupRow(new GroupId(hash(key, 1)), value)));
  }

  /** The groups that lie in a segment. */
  List<GroupId> groupsIn(int segment) throws IOException {
    List<GroupId> groups = new ArrayList<>();
    datastore.scan(
        ByteBuffer.allocate(5).put((byte) 'e').putInt(segment).array(),
        (key, _) -> groups.add(new GroupId(hash(key, 5))));
    return groups;
  }

  /** Any place where the chunk lies. */
  Optional<Location> locate(ChunkId chunk) throws IOException {
    List<Location> found = new ArrayList<>(1);
    byte[] prefix = ByteBuffer.allocate(33).put((byte) 'c').put(chunk.hash().toArray()).array();
    datastore.scan(
        prefix,
        (_, value) -> {
          found.add(location(value));
          return false;
        });
    return found.stream().findFirst();
  }

  Optional<Location> locate(ChunkId chunk, GroupId group) throws IOException {
    byte[] value = datastore.get(chunkKey(chunk, group));
    return value == null ? Optional.empty() : Optional.of(location(value));
  }

  /** Makes a group known, durably, in one step. */
  void commit(GroupRow row, List<Placed> chunks) throws IOException {
    GroupId group = row.group().group();
    Datastore.Batch batch = new Datastore.Batch();
    ByteBuffer list = ByteBuffer.allocate(chunks.size() * 32);
    for (Placed placed : chunks) {
      list.put(placed.chunk().hash().toArrayUnsafe());
      batch.put(chunkKey(placed.chunk(), group), locationValue(placed.location()));
    }
    batch
        .put(groupKey('l', group), list.array())
        .put(extentKey(row.extent().segment(), group), new byte[0])
        .put(groupKey('g', group), groupValue(row));
    datastore.write(batch, true);
  }

  /** Forgets a group. A crash may bring it back. */
  void delete(GroupRow row) throws IOException {
    GroupId group = row.group().group();
    Datastore.Batch batch = new Datastore.Batch();
    for (ChunkId chunk : chunks(group)) {
      batch.delete(chunkKey(chunk, group));
    }
    batch
        .delete(groupKey('l', group))
        .delete(extentKey(row.extent().segment(), group))
        .delete(groupKey('g', group));
    datastore.write(batch, false);
  }

  /** Says, durably, that a group lies elsewhere now, laid out as before. */
  void move(GroupRow row, Extent to) throws IOException {
    GroupId group = row.group().group();
    long shift = to.offset() - row.extent().offset();
    Datastore.Batch batch = new Datastore.Batch();
    for (ChunkId chunk : chunks(group)) {
      Optional<Location> from = locate(chunk, group);
      if (from.isPresent()) {
        Location moved =
            new Location(to.segment(), from.get().offset() + shift, from.get().length());
        batch.put(chunkKey(chunk, group), locationValue(moved));
      }
    }
    batch
        .delete(extentKey(row.extent().segment(), group))
        .put(extentKey(to.segment(), group), new byte[0])
        .put(groupKey('g', group), groupValue(new GroupRow(row.group(), to)));
    datastore.write(batch, true);
  }

  /** Makes all earlier changes durable. */
  void sync() throws IOException {
    markVersion();
  }

  @Override
  public void close() throws IOException {
    datastore.close();
  }

  private static byte[] versionValue() {
    return ByteBuffer.allocate(4).putInt(VERSION).array();
  }

  private static byte[] groupKey(char kind, GroupId group) {
    return ByteBuffer.allocate(33).put((byte) kind).put(group.hash().toArrayUnsafe()).array();
  }

  private static byte[] extentKey(int segment, GroupId group) {
    return ByteBuffer.allocate(37)
        .put((byte) 'e')
        .putInt(segment)
        .put(group.hash().toArrayUnsafe())
        .array();
  }

  private static byte[] chunkKey(ChunkId chunk, GroupId group) {
    return ByteBuffer.allocate(65)
        .put((byte) 'c')
        .put(chunk.hash().toArrayUnsafe())
        .put(group.hash().toArrayUnsafe())
        .array();
  }

  private static byte[] groupValue(GroupRow row) {
    return ByteBuffer.allocate(GROUP_BYTES)
        .putInt(row.extent().segment())
        .putLong(row.extent().offset())
        .putLong(row.extent().length())
        .put(row.group().root().toArrayUnsafe())
        .putLong(row.group().bytes())
        .putInt(row.group().chunks())
        .putLong(row.group().createdMillis())
        .array();
  }

  private static GroupRow groupRow(GroupId group, byte[] value) throws IOException {
    if (value.length != GROUP_BYTES) {
      throw new StoreFormatException("the block store's index has a damaged row for " + group);
    }
    ByteBuffer in = ByteBuffer.wrap(value);
    Extent extent = new Extent(in.getInt(), in.getLong(), in.getLong());
    byte[] root = new byte[32];
    in.get(root);
    return new GroupRow(
        new StoredGroup(group, Bytes32.wrap(root), in.getLong(), in.getInt(), in.getLong()),
        extent);
  }

  private static byte[] locationValue(Location location) {
    return ByteBuffer.allocate(16)
        .putInt(location.segment())
        .putLong(location.offset())
        .putInt(location.length())
        .array();
  }

  private static Location location(byte[] value) throws IOException {
    if (value.length != 16) {
      throw new StoreFormatException("the block store's index has a damaged row");
    }
    ByteBuffer in = ByteBuffer.wrap(value);
    return new Location(in.getInt(), in.getLong(), in.getInt());
  }

  private static Bytes32 hash(byte[] key, int offset) {
    return Bytes32.wrap(Arrays.copyOfRange(key, offset, offset + 32));
  }
}
