package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;

/**
 * The author's device is about to go: a validator's seat goes to another at once, and until the
 * device is ready again nobody counts on it.
 *
 * @param epoch the present one
 */
public record Leaving(long epoch) implements Fact {
  public Leaving {
    Bounds.range("epoch", epoch, 0, Long.MAX_VALUE);
  }

  /** epoch u64. */
  void write(Writer to) {
    to.u63(epoch);
  }

  static Leaving read(Reader from) throws DecodeException {
    return new Leaving(from.u63());
  }
}
