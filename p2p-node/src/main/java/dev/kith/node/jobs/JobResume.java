package dev.kith.node.jobs;

import dev.kith.ledger.Ledger;
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
  /** How long the ledger's replica may take to catch up before a job counts as never opened. */
  private static final long CATCH_UP_MILLIS_MAX = 120_000;

  private static final long POLL_MILLIS = 200;

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

  /** Blocks until the ledger knows, for a while. */
  Standing of(JobFolder folder, BooleanSupplier closed) throws IOException, InterruptedException {
    JobSpecification specification =
        folder
            .specification()
            .orElseThrow(() -> new IllegalStateException(folder.path() + " is no job"));
    Optional<TaskRow> row = row(specification.job(), closed);
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

  private Optional<TaskRow> row(Bytes32 job, BooleanSupplier closed) throws InterruptedException {
    long deadline = System.nanoTime() + CATCH_UP_MILLIS_MAX * 1_000_000;
    while (true) {
      Optional<TaskRow> row = ledger.view().task(job);
      if (row.isPresent() || System.nanoTime() > deadline || closed.getAsBoolean()) {
        return row;
      }
      Thread.sleep(POLL_MILLIS);
    }
  }
}
