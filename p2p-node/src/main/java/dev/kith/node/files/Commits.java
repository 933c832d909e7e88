package dev.kith.node.files;

import dev.kith.dht.chunk.GroupId;
import dev.kith.ledger.GroupRow;
import dev.kith.ledger.LedgerStalledException;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.MapUpdate;
import dev.kith.ledger.record.NamespacePut;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.files.content.GroupName;
import dev.kith.node.files.mesh.Mesh;
import dev.kith.node.files.names.NameTree;
import dev.kith.node.files.names.RootReference;
import dev.kith.node.files.upload.ChunkUploader;
import dev.kith.node.files.upload.GroupResult;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last steps of a put: the new folder objects, the rows of the chunk map, the new root of the
 * names. One put at a time; other devices of the owner do the same at the same time, so a put whose
 * root comes second applies its operations to the new tree and tries again.
 */
final class Commits {
  private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

  /** Attempts before a put is believed to be starved by other devices. */
  private static final int ATTEMPTS_MAX = 50;

  /** Rows of the map in one submission. */
  private static final int FACTS_MAX = 64;

  /** Numbers of groups that one attempt may use for folder objects. */
  private static final int GROUPS_EACH_ATTEMPT = 256;

  private final Mesh mesh;
  private final OwnerSecrets secrets;
  private final Namespace namespace;
  private final Folders folders;
  private final PutJournal journal;
  private final Uploads uploads;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock(true);

  /** Makes uploaders; those for folder objects have at least three copies. */
  @FunctionalInterface
  interface Uploads {
    ChunkUploader names(PutRecord put);
  }

  /**
   * What came of a put.
   *
   * @param groups of data and of folder objects
   */
  record Done(List<GroupResult> groups, int removed, long height) {}

  Commits(
      Mesh mesh,
      OwnerSecrets secrets,
      Namespace namespace,
      Folders folders,
      PutJournal journal,
      Uploads uploads,
      InstantSource clock) {
    this.mesh = mesh;
    this.secrets = secrets;
    this.namespace = namespace;
    this.folders = folders;
    this.journal = journal;
    this.uploads = uploads;
    this.clock = clock;
  }

  /**
   * Journals a put whose data is durable: from here on it goes on whatever happens. The numbers of
   * the groups that its next attempt may use are spent with it, as a holder has one group of each
   * id for good.
   */
  void begin(PutRecord put) throws IOException {
    journal.stored(put.withNextGroup(put.nextGroup() + GROUPS_EACH_ATTEMPT));
  }

  /**
   * Takes a put, as it was given to {@link #begin}, to a final block and out of the journal.
   *
   * @throws LedgerStalledException when {@code timeout} passed; what is in the journal may begin
   *     again
   * @throws NodeException when the put can never succeed; the journal forgets it
   */
  Done commit(PutRecord put, Duration timeout) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!lock.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new LedgerStalledException("earlier puts of this device are not final yet");
    }
    try {
      Done done = attempts(put, deadline);
      journal.done(put.putId());
      return done;
    } catch (NodeException e) {
      journal.done(put.putId());
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private Done attempts(PutRecord put, long deadline) throws IOException, InterruptedException {
    PutRecord record = put;
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      LedgerView view = mesh.ledger().view();
      if (isCommitted(view, record)) {
        return new Done(record.groups(), 0, view.height());
      }
      Optional<Done> done = attempt(record, view, deadline);
      if (done.isPresent()) {
        return done.get();
      }
      LOG.info("another device was quicker; put {} is applied to the newer names", put.putId());
      record = record.withNextGroup(record.nextGroup() + GROUPS_EACH_ATTEMPT);
      begin(record);
    }
    throw new NodeException(
        Problem.TIMED_OUT, "other devices changed the names " + ATTEMPTS_MAX + " times meanwhile");
  }

  /** Whether an earlier attempt, of this run or another, came through without our knowing. */
  private boolean isCommitted(LedgerView view, PutRecord put) {
    for (int number = 0; number < put.nextGroup(); number++) {
      GroupId id = new GroupName(put.putId(), number).id(secrets.owner());
      Optional<GroupRow> row = view.group(id.hash());
      if (row.isPresent()) {
        return row.get().committed();
      }
    }
    return false;
  }

  /** Empty when another device's root came first. */
  private Optional<Done> attempt(PutRecord put, LedgerView view, long deadline)
      throws IOException, InterruptedException {
    Namespace.Root root = namespace.root(view);
    NameTree.Change change =
        new NameTree.Change(
            put.base(), root.version() + 1, clock.millis(), mesh.selfMember().name());
    try (ChunkUploader uploader = uploads.names(put)) {
      NameTree tree = new NameTree(folders.savingTo(uploader));
      NameTree.Applied applied = tree.apply(root.folder(), put.operations(), change);
      List<GroupResult> groups = new ArrayList<>(put.groups());
      groups.addAll(uploader.finish());
      if (root.folder().isPresent() && applied.root().equals(root.folder().get())) {
        return Optional.of(new Done(groups, applied.removed(), view.height()));
      }
      applied.renamed().forEach(path -> LOG.info("both versions are kept, one as {}", path));
      Outcome outcome = submit(put, groups, namespacePut(put, root, applied), deadline);
      return switch (outcome) {
        case Outcome.Applied done ->
            Optional.of(new Done(groups, applied.removed(), done.height()));
        case Outcome.Refused refused when refused.refusal() == Refusal.WRONG_VERSION ->
            Optional.empty();
        case Outcome.Refused refused ->
            throw new NodeException(
                Problem.NOT_ALLOWED, "the ledger refused the new names: " + refused.refusal());
      };
    }
  }

  private NamespacePut namespacePut(
      PutRecord put, Namespace.Root before, NameTree.Applied applied) {
    return new NamespacePut(
        secrets.owner(),
        before.version() + 1,
        applied.root().content().refs().getFirst().id().hash(),
        RootReference.seal(applied.root(), secrets.namespaceKey(), secrets.owner()),
        put.putId());
  }

  /** Submits the rows that are missing, and after them, mostly in the same block, the names. */
  private Outcome submit(PutRecord put, List<GroupResult> groups, NamespacePut names, long deadline)
      throws IOException, InterruptedException {
    LedgerView view = mesh.ledger().view();
    List<GroupResult> missing = new ArrayList<>();
    for (GroupResult group : groups) {
      if (view.group(group.stored().group().hash()).isEmpty()) {
        missing.add(group);
      }
    }
    while (missing.size() >= FACTS_MAX) {
      List<GroupResult> part = missing.subList(0, FACTS_MAX);
      submitRows(put, part, List.of(), deadline);
      part.clear();
    }
    return submitRows(put, missing, List.of(names), deadline).getLast();
  }

  private List<Outcome> submitRows(
      PutRecord put, List<GroupResult> groups, List<NamespacePut> names, long deadline)
      throws IOException, InterruptedException {
    List<Fact> facts = new ArrayList<>();
    for (GroupResult group : groups) {
      facts.add(row(put, group));
    }
    facts.addAll(names);
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    List<Outcome> outcomes = mesh.ledger().submit(facts, left);
    for (int i = 0; i < groups.size(); i++) {
      check(groups.get(i), outcomes.get(i));
    }
    return outcomes;
  }

  private MapUpdate row(PutRecord put, GroupResult group) throws NodeException {
    List<MapUpdate.Holder> holders = new ArrayList<>();
    LedgerView view = mesh.ledger().view();
    for (var receipt : group.receipts().entrySet()) {
      view.member(receipt.getKey())
          .ifPresent(m -> holders.add(new MapUpdate.Holder(m.index(), receipt.getValue())));
    }
    if (holders.isEmpty()) {
      throw new NodeException(
          Problem.NO_PEERS, "no holder of " + group.stored().group() + " is a member any more");
    }
    return new MapUpdate(
        group.stored().group().hash(),
        secrets.owner(),
        put.putId(),
        1,
        group.stored().root(),
        holders,
        group.wanted(),
        group.stored().bytes(),
        group.stored().chunks());
  }

  private void check(GroupResult group, Outcome outcome) throws NodeException {
    if (outcome instanceof Outcome.Refused refused) {
      Optional<GroupRow> row = mesh.ledger().view().group(group.stored().group().hash());
      // A submission that was repeated after a time-out finds its own row.
      if (row.isEmpty() || !row.get().root().equals(group.stored().root())) {
        throw new NodeException(
            Problem.NOT_ALLOWED,
            "the ledger refused " + group.stored().group() + ": " + refused.refusal());
      }
    }
  }
}
