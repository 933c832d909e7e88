package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;

/**
 * The author's device keeps up with the realm and is willing to validate. Whoever has no seat is
 * given one only shortly after it said so, so that power never goes to a device that sleeps.
 *
 * @param epoch the present one, which shows that the author follows
 * @param journal names the write-ahead log that the device will vote with: one that lost it has to
 *     get ready again, with another, before it may vote
 */
public record ValidatorReady(long epoch, Bytes journal) implements Fact {
  /** Length of a journal's name. */
  public static final int JOURNAL_BYTES = 16;

  public ValidatorReady {
    Bounds.range("epoch", epoch, 0, Long.MAX_VALUE);
    Bounds.exactly("journal", journal, JOURNAL_BYTES);
    if (journal.isZero()) {
      throw new IllegalArgumentException("journal: zeros name those from before the realm began");
    }
  }

  /** epoch u64 ‖ journal (16). */
  void write(Writer to) {
    to.u63(epoch).fixed(journal);
  }

  static ValidatorReady read(Reader from) throws DecodeException {
    return new ValidatorReady(from.u63(), from.fixed(JOURNAL_BYTES));
  }
}
