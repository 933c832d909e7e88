package dev.kith.node.jobs.attempt;

import dev.kith.ledger.record.PartDone;
import dev.kith.ledger.record.Signatures;
import dev.kith.libp2p.identity.PrivateKey;
import dev.kith.node.compute.PartExecutor;
import dev.kith.node.compute.PartOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** Runs a part on this device and signs its answer, whoever asked for it. */
final class PartRunner {
  private final PartExecutor executor;
  private final PrivateKey key;
  private final Path scratch;

  PartRunner(PartExecutor executor, PrivateKey key, Path scratch) {
    this.executor = executor;
    this.key = key;
    this.scratch = scratch;
  }

  PartExecutor executor() {
    return executor;
  }

  /** Waits for the turn, runs, hashes and signs. An interrupt cancels. */
  AttemptResult run(AttemptRequest request, PartExecutor.Turn turn, InputStream stdin)
      throws IOException, InterruptedException {
    turn.await();
    AnswerSpool spool = new AnswerSpool(scratch, executor.limits().answerBytes());
    boolean kept = false;
    try {
      return switch (executor.run(request.work(), stdin, spool)) {
        case PartOutcome.Failed failed ->
            new AttemptResult.Failed(failed.reason(), failed.detail());
        case PartOutcome.Answered _ -> {
          Bytes32 hash = spool.complete();
          Bytes signature =
              Signatures.sign(key, PartDone.message(request.task(), request.part(), hash));
          kept = true;
          yield new AttemptResult.Answered(spool, hash, signature);
        }
      };
    } finally {
      if (!kept) {
        spool.close();
      }
    }
  }
}
