package dev.kith.ledger;

import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.Fact;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * This peer's replica of its realm's ledger, whether the peer is a validator or a follower.
 * Thread-safe.
 */
public interface Ledger extends AutoCloseable {
  /** SHA-256 of the genesis. */
  Bytes32 realmId();

  /** The newest final state that this replica has executed. */
  LedgerView view();

  /**
   * Signs facts with this peer's key, sends them to the validators and blocks until each stands in
   * a final block that this replica has executed, or was refused there. Safe to repeat after a
   * time-out: facts are compare-and-set or monotone.
   *
   * @return one outcome a fact, in order
   * @throws LedgerStalledException when {@code timeout} passed first; the facts may still become
   *     final
   */
  List<Outcome> submit(List<Fact> facts, Duration timeout) throws IOException, InterruptedException;

  /**
   * Submits facts that somebody else signed, such as a newcomer's MemberPut.
   *
   * @throws IllegalArgumentException when the signature is false
   */
  List<Outcome> submit(Batch batch, Duration timeout) throws IOException, InterruptedException;

  default Outcome submit(Fact fact, Duration timeout) throws IOException, InterruptedException {
    return submit(List.of(fact), timeout).getFirst();
  }

  /** Called after each final block is executed, in height order, on one ledger thread. */
  AutoCloseable follow(BlockListener listener);

  /** How consensus goes, for people and dashboards. */
  LedgerStatus status();

  /** Blocks from {@code fromHeight} upwards, at most {@code limit} (1 to 20,000). */
  List<BlockSummary> blocks(long fromHeight, int limit) throws IOException;

  /**
   * The final records of blocks from {@code fromHeight} upwards that the filter lets through, at
   * most {@code limit} (1 to 20,000).
   */
  List<RecordEntry> records(long fromHeight, RecordFilter filter, int limit) throws IOException;

  /**
   * Proves a row of the newest state or a record, for somebody who knows the realm's id and nothing
   * else.
   *
   * @return a {@link dev.kith.ledger.light.ProofFile}, encoded; empty where there is no such
   *     record, and before the first block is final
   */
  Optional<Bytes> prove(ProofSubject subject) throws IOException;

  @Override
  void close();
}
