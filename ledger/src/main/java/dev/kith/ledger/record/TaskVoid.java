package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The job ended without a result: cancelled, failed or timed out. By a device of its owner.
 *
 * @param reason one line, at most 256 bytes of UTF-8
 */
public record TaskVoid(Bytes32 task, String reason) implements Fact {
  /** The longest {@code reason}, in bytes of UTF-8. */
  public static final int REASON_BYTES_MAX = 256;

  public TaskVoid {
    Bounds.text("reason", reason, REASON_BYTES_MAX);
  }

  /** task (32) ‖ reason (u16 length, UTF-8). */
  void write(Writer to) {
    to.fixed(task).text(reason);
  }

  static TaskVoid read(Reader from) throws DecodeException {
    return new TaskVoid(from.hash(), from.text(REASON_BYTES_MAX));
  }
}
