package dev.kith.node.jobs;

import dev.kith.ledger.Ledger;
import dev.kith.ledger.Member;
import dev.kith.ledger.TaskRow;
import dev.kith.ledger.record.TaskSeal;
import dev.kith.libp2p.identity.PeerId;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import dev.kith.node.jobs.JobView.Part;
import dev.kith.node.jobs.JobView.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs that this peer does not coordinate: the ledger tells how they stand, and the log of attempts
 * comes from the store after their end, from the coordinator before.
 */
final class JobReports {
  private static final Logger LOG = LoggerFactory.getLogger(JobReports.class);

  private final Ledger ledger;
  private final JobStore store;
  private final SealedNote notes;
  private final JobQuery query;
  private final PeerId self;

  JobReports(Ledger ledger, JobStore store, SealedNote notes, JobQuery query, PeerId self) {
    this.ledger = ledger;
    this.store = store;
    this.notes = notes;
    this.query = query;
    this.self = self;
  }

  TaskRow row(Bytes32 job) throws NodeException {
    return ledger
        .view()
        .task(job)
        .orElseThrow(
            () ->
                new NodeException(
                    Problem.NOT_FOUND, "no job " + job.toUnprefixedHexString() + " is known"));
  }

  JobView show(Bytes32 job) throws IOException, InterruptedException {
    TaskRow row = row(job);
    JobView summary = summary(row);
    Map<Integer, PeerId> first = new LinkedHashMap<>();
    row.firstResponders()
        .forEach(f -> peer(f.worker()).ifPresent(peer -> first.put(f.part(), peer)));
    List<Part> attempts = attempts(job, row);
    List<Part> parts = new ArrayList<>(row.open().parts());
    for (int i = 0; i < row.open().parts(); i++) {
      parts.add(
          new Part(
              i,
              i < attempts.size() ? attempts.get(i).attempts() : List.of(),
              Optional.ofNullable(first.get(i))));
    }
    return withParts(summary, parts);
  }

  /** Empty where nobody who knows can be reached; the ledger's facts are shown all the same. */
  private List<Part> attempts(Bytes32 job, TaskRow row) throws InterruptedException {
    boolean over = row.seal().isPresent() || row.voided().isPresent();
    if (over) {
      try {
        return store.readLog(job).parts();
      } catch (IOException e) {
        LOG.debug("the log of job {} is not in the store", job, e);
      }
    }
    Optional<PeerId> coordinator = peer(row.leaseHolder()).filter(peer -> !peer.equals(self));
    if (coordinator.isPresent()) {
      try {
        return query.ask(coordinator.get(), job).map(JobView::parts).orElse(List.of());
      } catch (IOException e) {
        LOG.debug("the coordinator of job {} cannot be asked", job, e);
      }
    }
    return List.of();
  }

  JobView summary(TaskRow row) {
    Bytes32 job = row.open().task();
    Optional<JobEnd> end = JobEnd.of(row, ledger.view().timeMillis());
    State state =
        row.seal().isPresent() ? State.DONE : end.map(JobEnd::state).orElse(State.RUNNING);
    return new JobView(
        job,
        notes
            .opened(job, row.open().specification())
            .map(SealedNote.Opened::programName)
            .orElse(row.open().programHash().toUnprefixedHexString()),
        state,
        end.map(JobEnd::problem),
        end.map(JobEnd::reason),
        row.openedMillis(),
        end.filter(over -> over.problem() == Problem.TIMED_OUT)
            .map(_ -> row.open().deadlineMillis()),
        peer(row.leaseHolder()),
        row.open().parts(),
        row.firstResponders().size(),
        row.seal().map(TaskSeal::outputBytes).orElse(0L),
        row.seal().map(TaskSeal::outputHash),
        List.of());
  }

  static JobView withoutParts(JobView view) {
    return withParts(view, List.of());
  }

  private static JobView withParts(JobView view, List<Part> parts) {
    return new JobView(
        view.job(),
        view.program(),
        view.state(),
        view.problem(),
        view.reason(),
        view.openedMillis(),
        view.endedMillis(),
        view.coordinator(),
        view.partsTotal(),
        view.partsDone(),
        view.outputBytes(),
        view.outputHash(),
        parts);
  }

  private Optional<PeerId> peer(int member) {
    return ledger.view().member(member).map(Member::peer);
  }
}
