package dev.kith.node.files.holder;

import dev.kith.dht.blockstore.StoredChunk;
import dev.kith.dht.blockstore.StoredGroup;
import dev.kith.dht.chunk.ChunkId;
import dev.kith.dht.chunk.DamagedChunkException;
import dev.kith.dht.chunk.GroupId;
import dev.kith.dht.transfer.FetchServer;
import dev.kith.dht.transfer.GroupReceiver;
import dev.kith.ledger.GroupRow;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.RecordEntry;
import dev.kith.ledger.record.GroupDead;
import dev.kith.node.files.mesh.Mesh;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This device as a holder. It serves both transfer protocols; one virtual thread does what may
 * wait, in the order in which it falls due: announcing, deleting, checking what a fetcher
 * complained of, and comparing the store with the ledger.
 */
public final class HolderService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HolderService.class);

  /** Tasks that wait; further complaints are dropped. */
  private static final int TASKS_MAX = 10_000;

  private static final int DAMAGED_MAX = 10_000;

  /** How far behind the clock a replica may be that is believed to know all groups. */
  private static final Duration REPLICA_LAG_MAX = Duration.ofMinutes(10);

  private final Mesh mesh;
  private final Announcements announcements;
  private final HolderSettings settings;
  private final Predicate<GroupId> pinned;
  private final InstantSource clock;
  private final DelayQueue<Task> tasks = new DelayQueue<>();
  private final Set<ChunkId> damaged = Collections.synchronizedSet(boundedSet());
  private final Thread thread;
  private final AutoCloseable following;

  /** Something to do at a time of {@link System#nanoTime}. */
  private record Task(Work work, long dueNanos) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  private sealed interface Work {
    record Delete(GroupId group) implements Work {}

    record Check(ChunkId chunk) implements Work {}

    /** Compare the store with the ledger. */
    record Compare() implements Work {}
  }

  private HolderService(
      Mesh mesh,
      Announcer announcer,
      HolderSettings settings,
      Predicate<GroupId> pinned,
      InstantSource clock) {
    this.mesh = mesh;
    this.announcements = new Announcements(announcer);
    this.settings = settings;
    this.pinned = pinned;
    this.clock = clock;
    this.following = mesh.ledger().follow((_, records) -> records.forEach(this::onRecord));
    this.thread = Thread.ofVirtual().name("holder").unstarted(this::run);
  }

  /**
   * Starts serving.
   *
   * @param pinned groups that this device's own puts are not done with
   */
  public static HolderService start(
      Mesh mesh,
      Announcer announcer,
      HolderSettings settings,
      Predicate<GroupId> pinned,
      InstantSource clock) {
    HolderService service = new HolderService(mesh, announcer, settings, pinned, clock);
    mesh.host()
        .serve(
            mesh.storeProtocol(),
            new GroupReceiver(
                mesh.store(), mesh::signReceipt, mesh.buffers(), g -> service.holds(g.group())));
    mesh.host().serve(mesh.fetchProtocol(), new FetchServer(service::open, service::complaint));
    service.schedule(new Work.Compare(), settings.checkInterval());
    service.announcements.start();
    service.thread.start();
    return service;
  }

  /** This device holds a group from now on: it is announced. */
  public void holds(GroupId group) {
    announcements.held(group);
  }

  /** Takes a group of this device's own off the disk, now. */
  public void discard(GroupId group) throws IOException {
    if (mesh.store().delete(group)) {
      announcements.gone(group);
    }
  }

  private void onRecord(RecordEntry entry) {
    if (entry.outcome().applied() && entry.record().fact() instanceof GroupDead dead) {
      schedule(new Work.Delete(new GroupId(dead.group())), settings.deletionGrace());
    }
  }

  private Optional<StoredChunk> open(ChunkId chunk) throws IOException {
    return damaged.contains(chunk) ? Optional.empty() : mesh.store().open(chunk);
  }

  private void complaint(ChunkId chunk) {
    if (tasks.size() < TASKS_MAX && !damaged.contains(chunk)) {
      schedule(new Work.Check(chunk), Duration.ZERO);
    }
  }

  private void schedule(Work work, Duration delay) {
    tasks.add(new Task(work, System.nanoTime() + delay.toNanos()));
  }

  private void run() {
    try {
      while (true) {
        Work work = tasks.take().work();
        try {
          handle(work);
        } catch (IOException | RuntimeException e) {
          LOG.warn("{} failed: {}", work, e.toString());
        }
      }
    } catch (InterruptedException e) {
      // The service closes.
      return;
    }
  }

  private void handle(Work work) throws IOException {
    switch (work) {
      case Work.Delete delete -> delete(delete.group());
      case Work.Check check -> check(check.chunk());
      case Work.Compare _ -> {
        schedule(new Work.Compare(), settings.checkInterval());
        compare();
      }
    }
  }

  private void delete(GroupId group) throws IOException {
    if (mesh.store().delete(group)) {
      LOG.info("{} is deleted", group);
      announcements.gone(group);
    }
  }

  /** A fetcher may lie or may have a bad line; this device's own eyes decide. */
  private void check(ChunkId chunk) throws IOException {
    try {
      mesh.store().read(chunk);
    } catch (DamagedChunkException e) {
      LOG.error("{} is damaged on this device and no longer served", chunk);
      damaged.add(chunk);
    }
  }

  /**
   * Deletes groups that the ledger knows nothing of, or knows elsewhere only, after a long time:
   * left by puts that never became final, or dead while this device was away.
   */
  private void compare() throws IOException {
    LedgerView view = mesh.ledger().view();
    if (clock.millis() - view.timeMillis() > REPLICA_LAG_MAX.toMillis()) {
      return;
    }
    int self = mesh.selfMember().index();
    List<GroupId> surplus = new ArrayList<>();
    mesh.store()
        .forEachGroup(
            group -> {
              if (old(group) && !heldHere(view, group, self) && !pinned.test(group.group())) {
                surplus.add(group.group());
              }
              return true;
            });
    for (GroupId group : surplus) {
      LOG.info("{} is not this device's to hold by the ledger", group);
      delete(group);
    }
  }

  private boolean old(StoredGroup group) {
    return clock.millis() - group.createdMillis() > settings.orphanAge().toMillis();
  }

  private static boolean heldHere(LedgerView view, StoredGroup group, int self) {
    return view.group(group.group().hash())
        .map(GroupRow::holders)
        .filter(holders -> holders.contains(self))
        .isPresent();
  }

  private static Set<ChunkId> boundedSet() {
    return Collections.newSetFromMap(
        new LinkedHashMap<ChunkId, Boolean>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<ChunkId, Boolean> eldest) {
            return size() > DAMAGED_MAX;
          }
        });
  }

  @Override
  public void close() {
    mesh.host().stopServing(mesh.storeProtocol());
    mesh.host().stopServing(mesh.fetchProtocol());
    thread.interrupt();
    try {
      following.close();
      thread.join();
      announcements.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("the ledger could not be left", e);
    }
  }
}
