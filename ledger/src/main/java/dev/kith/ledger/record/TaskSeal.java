package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Merkle;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The job is done: all parts answered and put together in order. From the current lease holder.
 *
 * @param orderRoot {@link #orderRoot(List)} of the result hashes, checked by the ledger
 * @param outputHash SHA-256 of the joined answer
 * @param outputBytes its length
 * @param log where the output and the log of all attempts are stored, encrypted for the owner's
 *     devices; at most 512 bytes
 */
public record TaskSeal(
    Bytes32 task, int term, Bytes32 orderRoot, Bytes32 outputHash, long outputBytes, Bytes log)
    implements Fact {
  /** The longest {@code log}. */
  public static final int LOG_BYTES_MAX = 512;

  public TaskSeal {
    Bounds.range("term", term, 1, Integer.MAX_VALUE);
    Bounds.range("outputBytes", outputBytes, 0, Long.MAX_VALUE);
    Bounds.atMost("log", log, LOG_BYTES_MAX);
  }

  /** The only order root that the ledger accepts for these result hashes, in part order. */
  public static Bytes32 orderRoot(List<Bytes32> resultHashes) {
    return Merkle.root(resultHashes);
  }

  /** task (32) ‖ term u32 ‖ order root (32) ‖ output hash (32) ‖ length u64 ‖ log (u16 length). */
  void write(Writer to) {
    to.fixed(task).u32(term).fixed(orderRoot).fixed(outputHash).u63(outputBytes).bytes16(log);
  }

  static TaskSeal read(Reader from) throws DecodeException {
    return new TaskSeal(
        from.hash(), from.u32(), from.hash(), from.hash(), from.u63(), from.bytes16(LOG_BYTES_MAX));
  }
}
