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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.tuweni.bytes.Bytes;
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

  /** Refusals of names that are out of date: other names came first, or the put's rows changed. */
  private static final Set<Refusal> MET_OTHERS =
      Set.of(Refusal.WRONG_VERSION, Refusal.UNKNOWN_GROUP);

  /** What no later attempt can change. */
  private static final Set<Problem> PERMANENT =
      Set.of(Problem.BAD_REQUEST, Problem.ALREADY_EXISTS, Problem.NOT_ALLOWED);

  /** Numbers of groups that one attempt may use for folder objects. */
  private static final int GROUPS_EACH_ATTEMPT = 256;

  private final Mesh mesh;
  private final OwnerSecrets secrets;
  private final Namespace namespace;
  private final Folders folders;
  private final PutJournal journal;
  private final Uploads uploads;
  private final Discards discards;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock(true);

  /** Makes uploaders; those for folder objects have at least three copies. */
  @FunctionalInterface
  interface Uploads {
    ChunkUploader names(PutRecord put);
  }

  /** Takes groups off this device. */
  @FunctionalInterface
  interface Discards {
    void discard(GroupId group) throws IOException;
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
      Discards discards,
      InstantSource clock) {
    this.mesh = mesh;
    this.secrets = secrets;
    this.namespace = namespace;
    this.folders = folders;
    this.journal = journal;
    this.uploads = uploads;
    this.discards = discards;
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
   * <p>On failure the journal keeps it, so that it may begin again, unless it can never succeed:
   * then it is given up.
   *
   * @throws LedgerStalledException when {@code timeout} passed
   * @throws NodeException also when the world is not as it must be, such as that nobody who has a
   *     folder object can be reached
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
      if (PERMANENT.contains(e.problem())) {
        giveUp(put.putId());
      }
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a put out of the journal that came through without our knowing.
   *
   * @return whether it did, as far as this replica has got
   */
  boolean finishedBefore(PutRecord put) throws IOException {
    boolean committed = isCommitted(mesh.ledger().view(), put);
    if (committed) {
      journal.done(put.putId());
    }
    return committed;
  }

  /**
   * Forgets a journalled put for good, and takes what it left here off the disk; never what the
   * ledger has as committed.
   */
  void giveUp(Bytes putId) throws IOException {
    Optional<PutRecord> put = journal.find(putId);
    // In this order: a put whose data is not all there any more must not begin again.
    journal.giveUp(putId);
    LedgerView view = mesh.ledger().view();
    for (int number = 0; put.isPresent() && number < put.get().nextGroup(); number++) {
      if (row(view, put.get(), number).filter(GroupRow::committed).isEmpty()) {
        discards.discard(new GroupName(putId, number).id(secrets.owner()));
      }
    }
  }

  private Done attempts(PutRecord put, long deadline) throws IOException, InterruptedException {
    PutRecord record = put;
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      LedgerView view = mesh.ledger().view();
      if (isCommitted(view, record)) {
        return new Done(record.groups(), 0, view.height());
      }
      try (ChunkUploader uploader = uploads.names(record)) {
        Optional<Done> done = attempt(record, uploader, view, deadline);
        if (done.isPresent()) {
          return done.get();
        }
        record = record.withNextGroup(uploader.nextGroup());
      }
      LOG.info("another device was quicker; put {} is applied to the newer names", put.putId());
      begin(record);
    }
    throw new NodeException(
        Problem.TIMED_OUT, "other devices changed the names " + ATTEMPTS_MAX + " times meanwhile");
  }

  /** Whether an earlier attempt, of this run or another, came through without our knowing. */
  private boolean isCommitted(LedgerView view, PutRecord put) {
    for (int number = 0; number < put.nextGroup(); number++) {
      Optional<GroupRow> row = row(view, put, number);
      if (row.isPresent()) {
        return row.get().committed();
      }
    }
    return false;
  }

  private Optional<GroupRow> row(LedgerView view, PutRecord put, int number) {
    return view.group(new GroupName(put.putId(), number).id(secrets.owner()).hash());
  }

  /** Empty when another device's root came first. */
  private Optional<Done> attempt(
      PutRecord put, ChunkUploader uploader, LedgerView view, long deadline)
      throws IOException, InterruptedException {
    try {
      return tryAttempt(put, uploader, view, deadline);
    } catch (IOException | InterruptedException e) {
      giveBackNumbers(put.withNextGroup(uploader.nextGroup()));
      throw e;
    }
  }

  /** Without this a put that is tried for hours would spend thousands of numbers. */
  private void giveBackNumbers(PutRecord put) {
    try {
      journal.stored(put);
    } catch (IOException e) {
      LOG.debug("put {} has spent more numbers than it used", put.putId(), e);
    }
  }

  private Optional<Done> tryAttempt(
      PutRecord put, ChunkUploader uploader, LedgerView view, long deadline)
      throws IOException, InterruptedException {
    Namespace.Root root = namespace.root(view);
    NameTree.Change change =
        new NameTree.Change(
            put.base(), root.version() + 1, clock.millis(), mesh.selfMember().name());
    NameTree tree = new NameTree(folders.savingTo(uploader));
    NameTree.Applied applied = tree.apply(root.folder(), put.operations(), change);
    List<GroupResult> groups = new ArrayList<>(put.groups());
    groups.addAll(uploader.finish());
    if (root.folder().isPresent() && applied.root().equals(root.folder().get())) {
      return Optional.of(new Done(groups, applied.removed(), view.height()));
    }
    applied.renamed().forEach(path -> LOG.info("both versions are kept, one as {}", path));
    NamespacePut names = namespacePut(put, root, applied, rows(put, groups));
    Outcome outcome = submit(put, groups, names, deadline);
    return switch (outcome) {
      case Outcome.Applied done -> Optional.of(new Done(groups, applied.removed(), done.height()));
      case Outcome.Refused refused when MET_OTHERS.contains(refused.refusal()) -> Optional.empty();
      case Outcome.Refused refused ->
          throw new NodeException(
              Problem.NOT_ALLOWED, "the ledger refused the new names: " + refused.refusal());
    };
  }

  private NamespacePut namespacePut(
      PutRecord put, Namespace.Root before, NameTree.Applied applied, int rows) {
    return new NamespacePut(
        secrets.owner(),
        before.version() + 1,
        applied.root().content().refs().getFirst().id().hash(),
        RootReference.seal(applied.root(), secrets.namespaceKey(), secrets.owner()),
        put.putId(),
        rows);
  }

  /** How many rows the put has with those of this attempt: earlier ones may have left some. */
  private int rows(PutRecord put, List<GroupResult> groups) {
    LedgerView view = mesh.ledger().view();
    Set<Integer> numbers =
        groups.stream().map(group -> group.name().number()).collect(Collectors.toSet());
    int rows = numbers.size();
    for (int number = 0; number < put.nextGroup(); number++) {
      if (!numbers.contains(number) && row(view, put, number).isPresent()) {
        rows++;
      }
    }
    return rows;
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
        secrets.owner(),
        put.putId(),
        group.name().number(),
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
