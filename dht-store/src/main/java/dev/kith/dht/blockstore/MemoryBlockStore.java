package dev.kith.dht.blockstore;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.MerkleTree;
import dev.kith.dht.chunk.SealedChunk;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps everything on the heap: for tests and simulations. */
public final class MemoryBlockStore implements BlockStore {
  private record Group(StoredGroup stored, List<SealedChunk> chunks) {}

  private final long quota;
  private final InstantSource clock;
  private final Map<GroupId, Group> groups = new LinkedHashMap<>();
  private final Map<ChunkId, List<SealedChunk>> chunks = new HashMap<>();
  private final Set<GroupId> writing = new HashSet<>();
  private long live;
  private long reserved;

  public MemoryBlockStore(long quota, InstantSource clock) {
    this.quota = quota;
    this.clock = clock;
  }

  @Override
  public synchronized GroupWriter begin(GroupId group, long bytesExpected) throws IOException {
    if (groups.containsKey(group) || !writing.add(group)) {
      throw new IllegalStateException(group + " is there or being written");
    }
    try {
      reserve(bytesExpected);
    } catch (StoreFullException e) {
      writing.remove(group);
      throw e;
    }
    return new Writer(group, bytesExpected);
  }

  @Override
  public synchronized Optional<StoredGroup> group(GroupId group) {
    return Optional.ofNullable(groups.get(group)).map(Group::stored);
  }

  @Override
  public synchronized List<ChunkId> chunks(GroupId group) {
    Group found = groups.get(group);
    return found == null ? List.of() : found.chunks().stream().map(SealedChunk::id).toList();
  }

  @Override
  public void forEachGroup(GroupVisitor visitor) throws IOException {
    List<Group> all;
    synchronized (this) {
      all = List.copyOf(groups.values());
    }
    for (Group group : all) {
      if (!visitor.visit(group.stored())) {
        return;
      }
    }
  }

  @Override
  public synchronized Optional<StoredChunk> open(ChunkId chunk) {
    return Optional.ofNullable(chunks.get(chunk)).map(all -> new Reader(all.getFirst()));
  }

  @Override
  public synchronized boolean delete(GroupId group) {
    Group gone = groups.remove(group);
    if (gone == null) {
      return false;
    }
    live -= gone.stored().bytes();
    for (SealedChunk chunk : gone.chunks()) {
      List<SealedChunk> same = chunks.get(chunk.id());
      if (same != null) {
        same.remove(chunk);
        if (same.isEmpty()) {
          chunks.remove(chunk.id());
        }
      }
    }
    return true;
  }

  @Override
  public synchronized StoreUsage usage() {
    return new StoreUsage(quota, live, 0, reserved);
  }

  @Override
  public void close() {}

  private void reserve(long bytes) throws StoreFullException {
    if (live + reserved + bytes > quota) {
      throw new StoreFullException(
          StoreFullException.Limit.QUOTA, "the quota of " + quota + " bytes is spent");
    }
    reserved += bytes;
  }

  private record Reader(SealedChunk chunk) implements StoredChunk {
    @Override
    public ChunkId id() {
      return chunk.id();
    }

    @Override
    public int length() {
      return chunk.length();
    }

    @Override
    public void read(int position, byte[] target, int offset, int length) {
      System.arraycopy(chunk.data(), position, target, offset, length);
    }

    @Override
    public byte[] leaves() {
      return chunk.leaves();
    }

    @Override
    public void close() {}
  }

  private final class Writer implements GroupWriter {
    private final GroupId group;
    private final List<SealedChunk> appended = new ArrayList<>();
    private long reservation;
    private long bytes;
    private boolean over;

    Writer(GroupId group, long reservation) {
      this.group = group;
      this.reservation = reservation;
    }

    @Override
    public void append(SealedChunk chunk) throws IOException {
      synchronized (MemoryBlockStore.this) {
        checkOpen();
        if (bytes + chunk.length() > reservation) {
          reserve(bytes + chunk.length() - reservation);
          reservation = bytes + chunk.length();
        }
        bytes += chunk.length();
        byte[] copy = Arrays.copyOf(chunk.data(), chunk.length());
        appended.add(SealedChunk.of(copy, copy.length));
      }
    }

    @Override
    public int chunks() {
      synchronized (MemoryBlockStore.this) {
        return appended.size();
      }
    }

    @Override
    public int length(int index) {
      synchronized (MemoryBlockStore.this) {
        return appended.get(index).length();
      }
    }

    @Override
    public int read(int index, byte[] target) {
      synchronized (MemoryBlockStore.this) {
        SealedChunk chunk = appended.get(index);
        System.arraycopy(chunk.data(), 0, target, 0, chunk.length());
        return chunk.length();
      }
    }

    @Override
    public StoredGroup commit() {
      synchronized (MemoryBlockStore.this) {
        checkOpen();
        close();
        StoredGroup stored =
            new StoredGroup(
                group,
                MerkleTree.rootOver(appended.stream().map(c -> c.id().hash()).toList()),
                bytes,
                appended.size(),
                clock.millis());
        groups.put(group, new Group(stored, List.copyOf(appended)));
        appended.forEach(c -> chunks.computeIfAbsent(c.id(), _ -> new ArrayList<>()).add(c));
        live += bytes;
        return stored;
      }
    }

    @Override
    public void close() {
      synchronized (MemoryBlockStore.this) {
        if (!over) {
          over = true;
          reserved -= reservation;
          writing.remove(group);
        }
      }
    }

    private void checkOpen() {
      if (over) {
        throw new IllegalStateException(group + " is committed or abandoned");
      }
    }
  }
}
