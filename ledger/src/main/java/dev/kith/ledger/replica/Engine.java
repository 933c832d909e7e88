package dev.kith.ledger.replica;

import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.record.Batch;
import dev.kith.libp2p.identity.PeerId;
import java.io.IOException;
import java.util.List;

/** How a replica keeps up with the chain: as a validator or as a follower. Thread-safe. */
sealed interface Engine extends AutoCloseable permits Validator, Follower {
  void start();

  /**
   * @throws IOException when this replica has stopped for good
   */
  void check() throws IOException;

  /**
   * Sends a batch of this peer's towards a block; may be called again for the same batch.
   *
   * @throws IOException when nobody took it
   */
  void submit(Batch batch) throws IOException, InterruptedException;

  /** A final block from another peer. Its proof is checked here. */
  void offer(FinalBlock block) throws IOException, InterruptedException;

  /** The view that this replica is in, or the last final one. */
  long view();

  /** Validators heard lately. */
  List<PeerId> reachable();

  /** Those of {@link #reachable} that others may be told of. */
  List<PeerId> vouched();

  /** Whether this replica votes. */
  boolean votes();

  /** Records that wait here for a block. */
  int pendingRecords();

  @Override
  void close();
}
