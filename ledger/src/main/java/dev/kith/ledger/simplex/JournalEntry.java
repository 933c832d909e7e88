package dev.kith.ledger.simplex;

import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Certificate;
import dev.kith.ledger.block.Statement;

/** What a validator must know after a crash, so as not to contradict itself. */
public sealed interface JournalEntry {
  /** It proposed this block. Comes before its notarize vote. */
  record Proposed(long view) implements JournalEntry {}

  /** It voted so. */
  record Voted(Statement statement) implements JournalEntry {}

  /** A block that it executed and may vote for: a quorum's logs together keep what is final. */
  record Held(Block block) implements JournalEntry {}

  /** Spares asking for it again; may be lost. */
  record Seen(Certificate certificate) implements JournalEntry {}

  /** Whether it must be on disk before the turn's messages leave. */
  default boolean binding() {
    return !(this instanceof Seen);
  }
}
