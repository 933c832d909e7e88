package dev.kith.node.jobs;

import dev.kith.ledger.BlockSummary;
import dev.kith.ledger.Ledger;
import dev.kith.ledger.LedgerStalledException;
import dev.kith.ledger.Member;
import dev.kith.ledger.Outcome;
import dev.kith.ledger.RecordEntry;
import dev.kith.ledger.Refusal;
import dev.kith.ledger.TaskRow;
import dev.kith.ledger.codec.Hash;
import dev.kith.ledger.record.Fact;
import dev.kith.ledger.record.LeaseTake;
import dev.kith.ledger.record.TaskOpen;
import dev.kith.ledger.record.TaskVoid;
import dev.kith.libp2p.host.Host;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.compute.PartExecutor;
import dev.kith.node.compute.ProgramInfo;
import dev.kith.node.compute.ProgramReader;
import dev.kith.node.files.FileService;
import dev.kith.node.jobs.attempt.Attempts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coordinates this owner's jobs and works for those of other peers: serves {@code
 * /kith/<realm8>/work/1} and {@code /kith/<realm8>/job/1} on the host. Thread-safe.
 */
public final class JobEngine implements JobService, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobEngine.class);
  private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration VOID_TIMEOUT = Duration.ofSeconds(30);

  private final Host host;
  private final Ledger ledger;
  private final JobStore store;
  private final JobFolders folders;
  private final SealedNote notes;
  private final JobIntake intake;
  private final Candidates candidates;
  private final JobFinish finish;
  private final Attempts attempts;
  private final JobReports reports;
  private final JobQuery query;
  private final AutoCloseable following;
  private final Map<Bytes32, JobRun> runs = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private volatile boolean closed;

  private JobEngine(
      Path folder,
      Host host,
      Ledger ledger,
      FileService files,
      PartExecutor executor,
      Bytes32 jobKey)
      throws IOException {
    this.host = host;
    this.ledger = ledger;
    this.store = new JobStore(files);
    this.folders = new JobFolders(folder);
    this.notes = new SealedNote(jobKey);
    this.intake = new JobIntake(executor, store);
    this.candidates = new Candidates(ledger, host.id(), executor);
    this.finish = new JobFinish(store, notes, this::peer);
    String realm = ledger.realmId().slice(0, 8).toUnprefixedHexString();
    this.attempts =
        Attempts.start(
            host,
            "/kith/" + realm + "/work/1",
            executor,
            folders.scratch(),
            peer -> ledger.view().member(peer).isPresent());
    this.query = new JobQuery(host, "/kith/" + realm + "/job/1", this::tell);
    this.reports = new JobReports(ledger, store, notes, query, host.id());
    this.following = ledger.follow(this::finalized);
  }

  /**
   * Starts serving, and goes on with the unsealed jobs that an earlier run of this peer
   * coordinated.
   *
   * @param folder of this engine alone, such as {@code HOME/jobs}; made where it is absent
   * @param executor runs the parts that come to this device
   * @param jobKey the owner's job key; encrypts what jobs put on the ledger
   */
  public static JobEngine start(
      Path folder,
      Host host,
      Ledger ledger,
      FileService files,
      PartExecutor executor,
      Bytes32 jobKey)
      throws IOException {
    JobEngine engine = new JobEngine(folder, host, ledger, files, executor, jobKey);
    for (JobFolder left : engine.folders.unfinished()) {
      Thread.ofVirtual().name("job-resume").start(() -> engine.resume(left));
    }
    return engine;
  }

  @Override
  public ProgramNeeds inspect(Bytes program) throws IOException {
    ProgramInfo info = ProgramReader.read(program);
    return new ProgramNeeds(
        "wasm", info.bytes(), info.capabilities(), info.memoryBytesMin(), info.memoryBytesMax());
  }

  @Override
  public Bytes32 start(JobRequest request) throws IOException, InterruptedException {
    JobIntake.check(request);
    ProgramInfo program = ProgramReader.read(request.program());
    if (candidates.of(program).isEmpty()) {
      throw new NodeException(Problem.NO_CAPABLE_PEER, candidates.whyNone(program));
    }
    if (runs.size() >= JobLimits.JOBS_MAX) {
      throw new NodeException(
          Problem.BAD_REQUEST,
          "this peer coordinates " + JobLimits.JOBS_MAX + " jobs already; wait for one to end");
    }
    Bytes32 job = newId();
    JobFolder folder = folders.create(job);
    boolean opened = false;
    try {
      JobIntake.Taken taken = intake.take(job, request, folder);
      folder.writeHeight(ledger.view().height());
      folder.write(taken.specification());
      open(taken, request.timeout());
      opened = true;
      lead(taken, 1, folder).start();
      Thread.ofVirtual().name("job-inputs").start(() -> storeInputs(taken.specification(), folder));
      return job;
    } finally {
      if (!opened) {
        folder.delete();
      }
    }
  }

  private Bytes32 newId() {
    byte[] id = new byte[Bytes32.SIZE];
    random.nextBytes(id);
    return Bytes32.wrap(id);
  }

  private void open(JobIntake.Taken taken, Duration timeout)
      throws NodeException, IOException, InterruptedException {
    JobSpecification specification = taken.specification();
    Member self = self();
    List<Integer> coordinators = new ArrayList<>();
    coordinators.add(self.index());
    ledger.view().members().stream()
        .filter(m -> m.index() != self.index() && m.grant().owner().equals(self.grant().owner()))
        .limit(TaskOpen.COORDINATORS_MAX - 1)
        .forEach(m -> coordinators.add(m.index()));
    TaskOpen fact =
        new TaskOpen(
            specification.job(),
            self.grant().owner(),
            specification.program(),
            taken.parts().splitRoot(),
            specification.parts(),
            specification.racers(),
            // An idle chain's time is that of its last block, long ago perhaps.
            Math.max(
                specification.deadlineMillis(), ledger.view().timeMillis() + timeout.toMillis()),
            notes.seal(
                specification.job(),
                new SealedNote.Opened(
                    specification.programName(), Hash.sha256(specification.encode()))),
            coordinators);
    try {
      if (ledger.submit(fact, OPEN_TIMEOUT) instanceof Outcome.Refused refused) {
        throw refused.refusal() == Refusal.EXPIRED
            ? new NodeException(Problem.TIMED_OUT, "its time was up before the job was recorded")
            : new NodeException(
                Problem.INTERNAL, "the ledger refused the job: " + refused.refusal());
      }
    } catch (NodeException e) {
      throw e;
    } catch (IOException e) {
      // It may still become final, without anybody to lead it.
      submitLater(new TaskVoid(specification.job(), stalled().line()));
      throw new NodeException(
          Problem.LEDGER_STALLED, "the job was not started: " + e.getMessage(), e);
    }
  }

  private static JobEnd stalled() {
    return new JobEnd(Problem.LEDGER_STALLED, "the ledger stalled when the job was started");
  }

  private void submitLater(Fact fact) {
    Thread.ofVirtual()
        .name("job-void")
        .start(
            () -> {
              try {
                Outcome outcome = ledger.submit(fact, Duration.ofMinutes(10));
                LOG.debug("{}: {}", fact, outcome);
              } catch (IOException e) {
                LOG.warn("{} did not become final", fact, e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private JobRun lead(JobIntake.Taken taken, int term, JobFolder folder) throws IOException {
    JobSpecification specification = taken.specification();
    AnswerBook book = new AnswerBook(folder.path());
    JobRun run =
        new JobRun(
            specification,
            taken.parts(),
            folder,
            book,
            new JobRun.Equipment(attempts, () -> candidates.of(taken.program()), host.id()),
            watcher -> new TaskLedger(ledger, specification.job(), term, book, watcher),
            finish,
            () -> ended(specification.job()));
    runs.put(specification.job(), run);
    return run;
  }

  private void ended(Bytes32 job) {
    runs.remove(job);
    folders.prune(runs.keySet());
  }

  private void storeInputs(JobSpecification specification, JobFolder folder) {
    try {
      store.putInputs(specification, folder);
    } catch (IOException e) {
      if (runs.containsKey(specification.job())) {
        LOG.warn("job {}: only this peer can go on with it", name(specification.job()), e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void resume(JobFolder folder) {
    try {
      JobResume.Standing standing = new JobResume(ledger).of(folder, () -> closed);
      if (closed) {
        return;
      }
      switch (standing) {
        case JobResume.Standing.Unknown _ -> folder.delete();
        case JobResume.Standing.Over over -> folder.end(reports.show(over.job()));
        case JobResume.Standing.Unfinished unfinished -> {
          LOG.info("going on with job {}", name(unfinished.job().specification().job()));
          lead(unfinished.job(), unfinished.term(), folder).start();
        }
      }
    } catch (IOException e) {
      LOG.warn("the job in {} cannot go on", folder.path(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public JobView await(Bytes32 job, OutputStream out, Consumer<JobView> progress)
      throws IOException, InterruptedException {
    JobAwait await = new JobAwait(job, out, progress);
    JobRun run = runs.get(job);
    if (run != null) {
      Optional<JobView> last = await.follow(run, ledger);
      if (last.isPresent()) {
        return last.get();
      }
    }
    Optional<JobFolder> kept = folders.find(job);
    if (kept.isPresent() && kept.get().ended().isPresent()) {
      return await.ended(kept.get());
    }
    return await.elsewhere(reports, store, () -> closed);
  }

  @Override
  public JobView show(Bytes32 job) throws IOException, InterruptedException {
    Optional<JobView> own = own(job);
    return own.isPresent() ? own.get() : reports.show(job);
  }

  /** What this peer knows as the job's coordinator. */
  private Optional<JobView> own(Bytes32 job) throws IOException {
    JobRun run = runs.get(job);
    if (run != null) {
      return Optional.of(run.state().full(ledger.view().task(job), this::peer));
    }
    Optional<JobFolder> kept = folders.find(job);
    return kept.isPresent() ? kept.get().ended() : Optional.empty();
  }

  /** What another peer may hear. */
  private Optional<JobView> tell(PeerId asker, Bytes32 job) {
    Optional<Bytes> owner = ledger.view().task(job).map(row -> row.open().owner());
    Optional<Member> member = ledger.view().member(asker);
    if (owner.isEmpty() || member.isEmpty() || !member.get().grant().owner().equals(owner.get())) {
      return Optional.empty();
    }
    try {
      return own(job);
    } catch (IOException e) {
      LOG.warn("job {} cannot be told about", name(job), e);
      return Optional.empty();
    }
  }

  @Override
  public List<JobView> list(int limit) throws IOException, InterruptedException {
    Bytes owner = self().grant().owner();
    List<JobView> views = new ArrayList<>();
    for (TaskRow row : ledger.view().tasks()) {
      if (views.size() < limit && row.open().owner().equals(owner)) {
        JobRun run = runs.get(row.open().task());
        views.add(run != null ? run.state().summary() : reports.summary(row));
      }
    }
    return views;
  }

  @Override
  public void cancel(Bytes32 job, String reason) throws IOException, InterruptedException {
    JobEnd end = new JobEnd(Problem.CANCELLED, reason);
    JobRun run = runs.get(job);
    if (run != null) {
      run.end(end);
      run.state().awaitOver(VOID_TIMEOUT.toMillis());
      if (!run.state().glance().abandoned()) {
        checkCancelled(run.state().summary());
        return;
      }
    }
    TaskRow row = reports.row(job);
    if (!row.open().owner().equals(self().grant().owner())) {
      throw new NodeException(Problem.NOT_ALLOWED, "the job is another owner's");
    }
    checkGoesOn(reports.summary(row));
    try {
      Outcome outcome = ledger.submit(new TaskVoid(job, end.line()), VOID_TIMEOUT);
      if (outcome instanceof Outcome.Refused) {
        checkGoesOn(reports.summary(reports.row(job)));
        throw new NodeException(Problem.ALREADY_EXISTS, "the job is over already");
      }
    } catch (LedgerStalledException e) {
      throw new NodeException(Problem.LEDGER_STALLED, "the job may go on: " + e.getMessage(), e);
    }
  }

  /** What is over needs no record that it ends. */
  private static void checkGoesOn(JobView view) throws NodeException {
    switch (view.state()) {
      case RUNNING -> {}
      case DONE ->
          throw new NodeException(Problem.ALREADY_EXISTS, "the job is over already: it is done");
      case FAILED, CANCELLED ->
          throw new NodeException(
              Problem.ALREADY_EXISTS,
              "the job is over already: " + view.reason().orElse(view.state().name()));
    }
  }

  /** A job may have come to its end meanwhile, or be beyond recall. */
  private void checkCancelled(JobView view) throws NodeException {
    switch (view.state()) {
      case CANCELLED -> {}
      case DONE, FAILED -> checkGoesOn(view);
      case RUNNING ->
          throw ledger.status().stalled()
              ? new NodeException(
                  Problem.LEDGER_STALLED, "the job's end waits for the ledger; it may be done yet")
              : new NodeException(
                  Problem.TIMED_OUT, "every part is answered; the job may be done any moment");
    }
  }

  /** On a ledger thread: passes on what ends a run from outside. */
  private void finalized(BlockSummary block, List<RecordEntry> records) {
    for (RecordEntry entry : records) {
      if (!entry.outcome().applied()) {
        continue;
      }
      switch (entry.record().fact()) {
        case TaskVoid fact ->
            Optional.ofNullable(runs.get(fact.task()))
                .ifPresent(run -> run.end(JobEnd.parse(fact.reason())));
        case LeaseTake fact when !entry.record().author().equals(host.id()) ->
            Optional.ofNullable(runs.get(fact.task())).ifPresent(JobRun::leaseLost);
        default -> {}
      }
    }
  }

  private Optional<PeerId> peer(int member) {
    return ledger.view().member(member).map(Member::peer);
  }

  private Member self() throws NodeException {
    return ledger
        .view()
        .member(host.id())
        .orElseThrow(
            () ->
                new NodeException(Problem.NOT_ALLOWED, "this peer is no member of its realm yet"));
  }

  private static String name(Bytes32 job) {
    return job.toUnprefixedHexString();
  }

  /** Stops coordinating and serving; unsealed jobs go on at the next start. */
  @Override
  public void close() {
    closed = true;
    query.close();
    attempts.close();
    try {
      following.close();
      for (JobRun run : runs.values()) {
        run.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.warn("the jobs did not close cleanly", e);
    }
  }
}
