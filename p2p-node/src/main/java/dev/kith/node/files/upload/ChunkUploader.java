package dev.kith.node.files.upload;

import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.ChunkSealer;
import dev.kith.dht.chunk.ChunkStream;
import dev.kith.dht.chunk.Chunker;
import dev.kith.node.files.content.ChunkRef;
import dev.kith.node.files.content.ChunkSink;
import dev.kith.node.files.content.Content;
import dev.kith.node.files.content.ContentBuilder;
import dev.kith.node.files.content.GroupName;
import dev.kith.node.files.content.GroupRanges;
import dev.kith.node.files.mesh.Candidates;
import dev.kith.node.files.mesh.Mesh;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Turns streams into contents whose chunks lie in groups of one put. While the caller's thread
 * reads, hashes and cuts, others seal, and the lanes of up to three groups send. Equal chunks of a
 * put are stored once.
 *
 * <p>One thread uses it at a time; {@link #confirmedBytes} may be asked by any.
 */
public final class ChunkUploader implements ChunkSink, AutoCloseable {
  /** Chunks that are being sealed. */
  static final int SEALING_MAX = 2;

  /** Groups that were closed and wait for receipts. */
  static final int CLOSING_MAX = 2;

  /** Chunks of this put that are remembered, to find equal ones. */
  private static final int KNOWN_MAX = 1 << 15;

  private final Mesh mesh;
  private final Candidates candidates;
  private final SealPool seals;
  private final Settings settings;
  private final GroupSend.Target target;
  private final Map<ChunkId, ChunkRef> known = new HashMap<>();
  private final ArrayDeque<byte[]> plainBuffers = new ArrayDeque<>();
  private Set<GroupName> touched = new HashSet<>();
  private int nextGroup;

  // Guarded by this, as other threads ask for progress and close.
  private final ArrayDeque<GroupSend> closing = new ArrayDeque<>();
  private final List<GroupResult> results = new ArrayList<>();
  private Optional<GroupSend> open = Optional.empty();
  private boolean closed;

  /**
   * @param putId 16 bytes
   * @param owner 33 bytes
   * @param copies wanted of each group
   * @param firstGroup the number of the first group
   * @param roomBytes what a holder must have room for; more for data than for names, so that names
   *     can still be written, and files removed, when stores are full
   * @param spoolFolder for groups that this device keeps no copy of
   * @param groups told of each group before it is opened
   */
  public record Settings(
      Bytes putId,
      Bytes owner,
      int copies,
      int firstGroup,
      long roomBytes,
      Path spoolFolder,
      GroupObserver groups) {}

  /** Told of groups that a put is about to open. */
  @FunctionalInterface
  public interface GroupObserver {
    void opening(GroupName group) throws IOException;
  }

  /** A stream that became chunks, which need not be durable yet. */
  public record Uploaded(Content content, GroupRanges groups, Bytes32 sha256, int chunks) {}

  public ChunkUploader(Mesh mesh, Candidates candidates, SealPool seals, Settings settings) {
    this.mesh = mesh;
    this.candidates = candidates;
    this.seals = seals;
    this.settings = settings;
    this.target =
        new GroupSend.Target(
            settings.owner(), settings.copies(), settings.roomBytes(), settings.spoolFolder());
    this.nextGroup = settings.firstGroup();
  }

  /** Reads a stream to its end. */
  public Uploaded upload(InputStream in, Chunker chunker) throws IOException, InterruptedException {
    touched = new HashSet<>();
    ChunkStream stream = new ChunkStream(in, chunker);
    ContentBuilder builder = new ContentBuilder(this);
    ArrayDeque<Sealing> sealing = new ArrayDeque<>();
    int chunks = 0;
    try {
      byte[] plain = plainBuffer();
      int length = stream.next(plain);
      while (length > 0) {
        chunks++;
        sealing.add(new Sealing(plain, length, seals.submit(plain, length)));
        if (sealing.size() >= SEALING_MAX) {
          builder.add(place(sealing.remove()));
        }
        plain = plainBuffer();
        length = stream.next(plain);
      }
      plainBuffers.add(plain);
      while (!sealing.isEmpty()) {
        builder.add(place(sealing.remove()));
      }
    } finally {
      // On failure the sealing threads may still read these arrays: they are left to the collector.
      sealing.forEach(s -> s.sealed().cancel(true));
    }
    Content content = builder.build();
    return new Uploaded(content, GroupRanges.of(touched), stream.sha256(), chunks);
  }

  /** Stores a byte array as a content, such as a folder object. */
  public Uploaded upload(byte[] bytes, Chunker chunker) throws IOException, InterruptedException {
    return upload(new java.io.ByteArrayInputStream(bytes), chunker);
  }

  @Override
  public ChunkRef put(byte[] plain, int length) throws IOException, InterruptedException {
    return place(seals.seal(plain, length));
  }

  /** A chunk that is being sealed. */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  private record Sealing(byte[] plain, int length, Future<ChunkSealer.Sealed> sealed) {}

  private byte[] plainBuffer() {
    byte[] free = plainBuffers.poll();
    return free != null ? free : new byte[ChunkStream.BUFFER_BYTES];
  }

  private ChunkRef place(Sealing sealing) throws IOException, InterruptedException {
    ChunkSealer.Sealed sealed;
    try {
      sealed = sealing.sealed().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("sealing failed", e);
    }
    plainBuffers.add(sealing.plain());
    return place(sealed);
  }

  private ChunkRef place(ChunkSealer.Sealed sealed) throws IOException, InterruptedException {
    ChunkRef same = known.get(sealed.chunk().id());
    if (same != null) {
      mesh.buffers().give(sealed.chunk().data());
      touched.add(same.group());
      return same;
    }
    GroupSend group = group();
    ChunkRef ref =
        new ChunkRef(sealed.chunk().id(), sealed.key(), group.name(), sealed.key().plainBytes());
    group.append(sealed.chunk(), sealed.key().plainBytes());
    touched.add(group.name());
    if (known.size() < KNOWN_MAX) {
      known.put(ref.id(), ref);
    }
    if (GroupSizes.full(group.name().number(), group.bytes(), group.chunks())) {
      closeGroup();
      reap(CLOSING_MAX);
    }
    return ref;
  }

  private GroupSend group() throws IOException, InterruptedException {
    synchronized (this) {
      checkOpen();
      if (open.isPresent()) {
        return open.get();
      }
    }
    GroupName name = new GroupName(settings.putId(), nextGroup++);
    settings.groups().opening(name);
    GroupSend group = GroupSend.open(mesh, candidates, name, target);
    synchronized (this) {
      if (closed) {
        group.close();
      }
      checkOpen();
      open = Optional.of(group);
    }
    return group;
  }

  private synchronized void closeGroup() {
    open.ifPresent(
        group -> {
          group.seal();
          closing.add(group);
        });
    open = Optional.empty();
  }

  /** Waits until no more than so many groups are without all their receipts. */
  private void reap(int closingMax) throws IOException, InterruptedException {
    while (true) {
      GroupSend first;
      synchronized (this) {
        checkOpen();
        if (closing.size() <= closingMax) {
          return;
        }
        first = closing.element();
      }
      GroupResult result = first.await();
      synchronized (this) {
        closing.remove(first);
        results.add(result);
      }
      first.close();
    }
  }

  /**
   * Closes the last group and blocks until all are durable on their holders.
   *
   * @return all groups so far
   * @throws dev.kith.node.NodeException when nobody took a group
   */
  public List<GroupResult> finish() throws IOException, InterruptedException {
    closeGroup();
    reap(0);
    synchronized (this) {
      return List.copyOf(results);
    }
  }

  /** The number that the next group would have. */
  public int nextGroup() {
    return nextGroup;
  }

  /** Plaintext in groups that are durable on all the holders that they will get. */
  public synchronized long confirmedBytes() {
    long bytes = results.stream().mapToLong(GroupResult::plainBytes).sum();
    return bytes + closing.stream().filter(GroupSend::done).mapToLong(GroupSend::plainBytes).sum();
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("the put was closed");
    }
  }

  /** Abandons groups that are not durable yet. */
  @Override
  public void close() {
    List<GroupSend> abandoned;
    synchronized (this) {
      closed = true;
      abandoned = new ArrayList<>(closing);
      open.ifPresent(abandoned::add);
      closing.clear();
      open = Optional.empty();
    }
    abandoned.forEach(GroupSend::close);
  }
}
