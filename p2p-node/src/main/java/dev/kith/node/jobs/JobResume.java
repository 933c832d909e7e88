package dev.kith.node.jobs;

import dev.kith.ledger.Ledger;
import dev.kith.ledger.LedgerView;
import dev.kith.ledger.TaskRow;
import dev.kith.node.compute.ProgramReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Finds out how a job stands that was under way when its coordinator ended. */
final class JobResume {
  /**
   * A record that is not final so many blocks after it was signed never will be: twice what the
   * ledger lets it live, for the blocks between the look at the height and the signature.
   */
  static final long OPENING_BLOCKS_MAX = 7_200;

  private static final long POLL_MILLIS = 200;

  /** How far the chain's time may have been ahead of the coordinator's clock. */
  private static final long CLOCK_LEAD_MILLIS_MAX = 3_600_000;

  private final Ledger ledger;

  JobResume(Ledger ledger) {
    this.ledger = ledger;
  }

  /** How a job stands. */
  sealed interface Standing {
    /** The ledger has never heard of it, so nobody was told that it was started. */
    record Unknown() implements Standing {}

    record Over(Bytes32 job) implements Standing {}

    record Unfinished(JobIntake.Taken job, int term) implements Standing {}
  }

  /**
   * Blocks until the ledger's replica knows the job, or cannot come to know it any more. It may be
   * far behind, and take its time to catch up: a job must not be given up for that.
   */
  Standing of(JobFolder folder, BooleanSupplier closed) throws IOException, InterruptedException {
    JobSpecification specification =
        folder
            .specification()
            .orElseThrow(() -> new IllegalStateException(folder.path() + " is no job"));
    Optional<TaskRow> row =
        row(specification.job(), specification.deadlineMillis(), folder.height(), closed);
    if (row.isEmpty()) {
      return new Standing.Unknown();
    }
    if (row.get().seal().isPresent() || row.get().voided().isPresent()) {
      return new Standing.Over(specification.job());
    }
    List<Path> inputs = new ArrayList<>();
    for (int i = 0; i < specification.inputs().size(); i++) {
      inputs.add(folder.inputFile(i));
    }
    PartTable parts = Splitter.split(specification.split(), inputs);
    if (!parts.splitRoot().equals(row.get().open().splitRoot())) {
      throw new IOException("the inputs of job " + specification.job() + " have changed");
    }
    Bytes program = Bytes.wrap(Files.readAllBytes(folder.programFile()));
    return new Standing.Unfinished(
        new JobIntake.Taken(specification, parts, ProgramReader.read(program)), row.get().term());
  }

  /** The ledger opens no job whose deadline has passed by its own time. */
  private Optional<TaskRow> row(
      Bytes32 job, long deadlineMillis, Optional<Long> openedAt, BooleanSupplier closed)
      throws InterruptedException {
    while (true) {
      // The height before the row: a block between the two looks must not hide the job.
      LedgerView view = ledger.view();
      boolean tooLate =
          view.timeMillis() > deadlineMillis + CLOCK_LEAD_MILLIS_MAX
              || openedAt.filter(height -> view.height() > height + OPENING_BLOCKS_MAX).isPresent();
      Optional<TaskRow> row = view.task(job);
      if (row.isPresent() || tooLate || closed.getAsBoolean()) {
        return row;
      }
      Thread.sleep(POLL_MILLIS);
    }
  }
}
