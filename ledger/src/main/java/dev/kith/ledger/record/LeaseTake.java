package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The author coordinates the job from now until {@code expiresMillis} (chain time). Accepted when
 * {@code term} is the current one plus one and the old lease has expired, or when the holder renews
 * its own term.
 */
public record LeaseTake(Bytes32 task, int term, long expiresMillis) implements Fact {
  public LeaseTake {
    Bounds.range("term", term, 1, Integer.MAX_VALUE);
    Bounds.range("expiresMillis", expiresMillis, 0, Long.MAX_VALUE);
  }

  /** task (32) ‖ term u32 ‖ expiry u64. */
  void write(Writer to) {
    to.fixed(task).u32(term).u63(expiresMillis);
  }

  static LeaseTake read(Reader from) throws DecodeException {
    return new LeaseTake(from.hash(), from.u32(), from.u63());
  }
}
