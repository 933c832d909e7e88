package dev.kith.node.files.upload;

import dev.kith.dht.blockstore.StoreFullException;
import dev.kith.dht.blockstore.StoredGroup;
import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.Frames;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.chunk.MerkleTree;
import dev.kith.dht.chunk.SealedChunk;
import dev.kith.dht.placement.Candidate;
import dev.kith.dht.placement.Placement;
import dev.kith.dht.transfer.Refusal;
import dev.kith.dht.transfer.RefusedException;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.content.GroupName;
import dev.kith.node.files.mesh.Candidates;
import dev.kith.node.files.mesh.Mesh;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One group on its way to its holders. The putter appends chunks; each remote holder has a {@link
 * Lane}, a thread that sends them at its own pace; this device's copy, or a spool, can give every
 * chunk again. So a holder that fails at any moment is replaced by another, which starts from the
 * first chunk.
 *
 * <p>The putter goes no further ahead than the {@link ChunkWindow} reaches, as long as the lanes
 * are in step: memory is cheaper to read than the disk. A lane that holds it up for a second falls
 * out of step and follows from the local copy.
 *
 * <p>Thread-safe; the monitor guards all state, and no I/O is done under it.
 */
final class GroupSend implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupSend.class);

  private static final long STEP_WAIT_MILLIS = 1000;

  /**
   * What groups of a put have in common.
   *
   * @param copies wanted
   * @param roomBytes what a holder must have room for to be chosen, and sets aside at first
   */
  record Target(Bytes owner, int copies, long roomBytes, Path spoolFolder) {}

  private final Mesh mesh;
  private final Candidates candidates;
  private final GroupName name;
  private final GroupId id;
  private final Target target;
  private final ChunkWindow window;

  private final List<ChunkId> ids = new ArrayList<>();
  private final List<Integer> lengths = new ArrayList<>();
  private final Map<PeerId, Lane> lanes = new LinkedHashMap<>();
  private final Map<PeerId, Candidate> chosen = new HashMap<>();
  private final LinkedHashMap<PeerId, Bytes> receipts = new LinkedHashMap<>();
  private final Set<PeerId> tried = new HashSet<>();
  private final List<IOException> failures = new ArrayList<>();
  private LocalCopy local;
  private Optional<StoredGroup> sealed = Optional.empty();
  private boolean localPending;
  private boolean closed;
  private long bytes;
  private long plainBytes;

  private GroupSend(
      Mesh mesh,
      Candidates candidates,
      GroupName name,
      GroupId id,
      Target target,
      LocalCopy local) {
    this.mesh = mesh;
    this.candidates = candidates;
    this.name = name;
    this.id = id;
    this.target = target;
    this.local = local;
    this.window = new ChunkWindow(mesh.buffers());
  }

  /** Chooses holders and starts sending. */
  static GroupSend open(Mesh mesh, Candidates candidates, GroupName name, Target target)
      throws IOException, InterruptedException {
    GroupId id = name.id(target.owner());
    List<Candidate> all = candidates.find(id, Set.of());
    List<Candidate> chosen = choose(all, target);
    Optional<LocalCopy> stored = Optional.empty();
    if (chosen.stream().anyMatch(c -> c.peer().equals(mesh.self()))) {
      stored = tryStored(mesh, id, target.roomBytes());
      if (stored.isEmpty()) {
        chosen = choose(all.stream().filter(c -> !c.peer().equals(mesh.self())).toList(), target);
      }
    }
    LocalCopy local = stored.isPresent() ? stored.get() : LocalCopy.spooled(target.spoolFolder());
    GroupSend group = new GroupSend(mesh, candidates, name, id, target, local);
    group.start(chosen, stored.isPresent());
    return group;
  }

  private static List<Candidate> choose(List<Candidate> candidates, Target target) {
    return Placement.choose(candidates, target.copies(), target.roomBytes()).holders();
  }

  private static Optional<LocalCopy> tryStored(Mesh mesh, GroupId id, long roomBytes)
      throws IOException, InterruptedException {
    try {
      return Optional.of(LocalCopy.stored(mesh.store(), id, roomBytes));
    } catch (StoreFullException e) {
      LOG.info("{} gets no copy on this device: {}", id, e.getMessage());
      return Optional.empty();
    }
  }

  private synchronized void start(List<Candidate> holders, boolean stored) {
    localPending = stored;
    tried.add(mesh.self());
    for (Candidate holder : holders) {
      if (holder.peer().equals(mesh.self())) {
        chosen.put(holder.peer(), holder);
      } else {
        startLane(holder, true);
      }
    }
  }

  private void startLane(Candidate holder, boolean inStep) {
    Lane lane = new Lane(this, mesh, holder.peer(), id, target.roomBytes(), inStep);
    lanes.put(holder.peer(), lane);
    chosen.put(holder.peer(), holder);
    tried.add(holder.peer());
    lane.start();
  }

  GroupName name() {
    return name;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized int chunks() {
    return ids.size();
  }

  /** Adds a chunk, whose array this takes over. Blocks while lanes that are in step are behind. */
  void append(SealedChunk chunk, int plain) throws IOException, InterruptedException {
    appendLocally(chunk);
    synchronized (this) {
      window.add(chunk);
      ids.add(chunk.id());
      lengths.add(chunk.length());
      bytes += chunk.length();
      plainBytes += plain;
      notifyAll();
      awaitStep();
    }
  }

  private void appendLocally(SealedChunk chunk) throws IOException, InterruptedException {
    try {
      local.append(chunk);
    } catch (StoreFullException e) {
      LOG.info("{} leaves this device: {}", id, e.getMessage());
      moveToSpool();
      local.append(chunk);
      localFailed(e);
    }
  }

  /** The block store has no room for the rest: the chunks so far move to a spool. */
  private void moveToSpool() throws IOException {
    LocalCopy spool = LocalCopy.spooled(target.spoolFolder());
    byte[] data = mesh.buffers().take(Frames.CHUNK_SEALED_BYTES_MAX);
    try {
      for (int i = 0; i < chunks(); i++) {
        spool.append(SealedChunk.of(data, local.read(i, data)));
      }
    } finally {
      mesh.buffers().give(data);
    }
    LocalCopy full;
    synchronized (this) {
      full = local;
      local = spool;
    }
    full.close();
  }

  private void awaitStep() throws InterruptedException {
    long deadline = System.nanoTime() + STEP_WAIT_MILLIS * 1_000_000;
    while (!closed && behind()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        lanes.values().stream().filter(this::late).forEach(Lane::fallOutOfStep);
        return;
      }
      wait(left + 1);
    }
  }

  private boolean behind() {
    return lanes.values().stream().anyMatch(this::late);
  }

  private boolean late(Lane lane) {
    if (!lane.inStep()) {
      return false;
    }
    long waiting = 0;
    for (int i = ids.size() - 1; i >= lane.next() && waiting <= ChunkWindow.BYTES_MAX; i--) {
      waiting += lengths.get(i);
    }
    return waiting > ChunkWindow.BYTES_MAX * 3L / 4;
  }

  /** No further chunks come; commits on all holders, this device included, begin. */
  void seal() {
    synchronized (this) {
      sealed =
          Optional.of(
              new StoredGroup(
                  id,
                  MerkleTree.rootOver(ids.stream().map(ChunkId::hash).toList()),
                  bytes,
                  ids.size(),
                  System.currentTimeMillis()));
      notifyAll();
      if (!localPending) {
        return;
      }
    }
    Thread.ofVirtual().name("commit-here").start(this::commitLocally);
  }

  private void commitLocally() {
    try {
      Optional<StoredGroup> stored = local.commit();
      synchronized (this) {
        stored.ifPresent(group -> receipts.put(mesh.self(), mesh.signReceipt(group)));
        localPending = false;
        notifyAll();
      }
    } catch (IOException e) {
      LOG.warn("{} could not be committed on this device", id, e);
      localFailed(e);
    } catch (RuntimeException e) {
      localFailed(new IOException(e));
      throw e;
    }
  }

  private void localFailed(IOException e) {
    List<Candidate> others = others();
    synchronized (this) {
      failures.add(e);
      localPending = false;
      chosen.remove(mesh.self());
      fill(others);
      notifyAll();
    }
  }

  /** Blocks until every holder has the group or was given up, and as many others as there are. */
  GroupResult await() throws IOException, InterruptedException {
    synchronized (this) {
      while (!closed && (localPending || !lanes.isEmpty())) {
        wait();
      }
      if (closed) {
        throw new IOException(id + " was abandoned");
      }
      if (receipts.isEmpty()) {
        throw nobody();
      }
      StoredGroup stored = sealed.orElseThrow(() -> new IllegalStateException("not sealed"));
      return new GroupResult(name, stored, receipts, target.copies(), plainBytes);
    }
  }

  /** Why nobody has it. */
  private NodeException nobody() {
    Problem problem = Problem.NO_PEERS;
    for (IOException failure : failures) {
      problem =
          switch (failure) {
            case StoreFullException e when e.limit() == StoreFullException.Limit.QUOTA ->
                Problem.QUOTA_FULL;
            case StoreFullException _ -> Problem.DISK_FULL;
            case RefusedException e when e.refusal() == Refusal.QUOTA -> Problem.QUOTA_FULL;
            case RefusedException e when e.refusal() == Refusal.DISK -> Problem.DISK_FULL;
            default -> problem;
          };
    }
    String reasons =
        failures.isEmpty()
            ? "no peer that can be reached offers enough room"
            : String.join(
                "; ", failures.stream().map(e -> String.valueOf(e.getMessage())).toList());
    boolean full = failures.isEmpty() && mesh.store().usage().free() < target.roomBytes();
    return new NodeException(
        full ? Problem.QUOTA_FULL : problem, "no peer could take " + id + ": " + reasons);
  }

  // What lanes ask and tell.

  /** What a lane does next. */
  sealed interface Step {
    /** Send chunk number {@code index}. */
    record Send(int index, ChunkId id, int length) implements Step {}

    record Commit(StoredGroup group) implements Step {}

    /** Nothing came for a while. */
    record Idle() implements Step {}

    record GiveUp() implements Step {}
  }

  synchronized Step next(int index, long idleMillis) throws InterruptedException {
    long deadline = System.nanoTime() + idleMillis * 1_000_000;
    while (true) {
      notifyAll();
      if (closed) {
        return new Step.GiveUp();
      }
      if (index < ids.size()) {
        return new Step.Send(index, ids.get(index), lengths.get(index));
      }
      if (sealed.isPresent()) {
        return new Step.Commit(sealed.get());
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return new Step.Idle();
      }
      wait(left + 1);
    }
  }

  ChunkWindow window() {
    return window;
  }

  int read(int index, byte[] data) throws IOException {
    try {
      return local().read(index, data);
    } catch (IOException e) {
      // The copy may have moved to a spool in this very moment.
      return local().read(index, data);
    }
  }

  private synchronized LocalCopy local() {
    return local;
  }

  /** Whether {@link #await} would not block. */
  synchronized boolean done() {
    return sealed.isPresent() && !localPending && lanes.isEmpty();
  }

  synchronized long plainBytes() {
    return plainBytes;
  }

  synchronized void committed(PeerId holder, Bytes receipt) {
    receipts.put(holder, receipt);
    lanes.remove(holder);
    notifyAll();
  }

  void failed(PeerId holder, IOException e) {
    LOG.info("{} does not go to {}: {}", id, holder, e.toString());
    List<Candidate> others = others();
    synchronized (this) {
      failures.add(e);
      lanes.remove(holder);
      chosen.remove(holder);
      fill(others);
      notifyAll();
    }
  }

  private List<Candidate> others() {
    Set<PeerId> excluded;
    synchronized (this) {
      excluded = new HashSet<>(tried);
    }
    try {
      return candidates.find(id, excluded);
    } catch (RuntimeException e) {
      // The ledger's state could not be read. Nobody comes in, but the one that failed must go out.
      LOG.error("no replacement could be looked for, for {}", id, e);
      return List.of();
    }
  }

  /** Starts lanes to others where holders are missing. */
  private void fill(List<Candidate> others) {
    if (closed) {
      return;
    }
    List<Candidate> left = others.stream().filter(c -> !tried.contains(c.peer())).toList();
    Placement.replace(chosen.values(), left, target.copies(), target.roomBytes())
        .holders()
        .forEach(holder -> startLane(holder, ids.isEmpty()));
  }

  @Override
  public void close() {
    List<Lane> open;
    LocalCopy copy;
    synchronized (this) {
      closed = true;
      open = List.copyOf(lanes.values());
      copy = local;
      notifyAll();
    }
    open.forEach(Lane::interrupt);
    window.clear();
    try {
      copy.close();
    } catch (IOException e) {
      LOG.warn("the local copy of {} could not be closed", id, e);
    }
  }
}
