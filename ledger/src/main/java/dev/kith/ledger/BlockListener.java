package dev.kith.ledger;

import java.util.List;

/** Told of final blocks. */
@FunctionalInterface
public interface BlockListener {
  void finalized(BlockSummary block, List<RecordEntry> records);
}
