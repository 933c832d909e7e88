package dev.kith.ledger.history;

import org.apache.tuweni.bytes.Bytes32;

/** Takes the tops of full trees: the one over headers {@code index << level} and following. */
@FunctionalInterface
public interface HistorySink {
  /**
   * @param level 0 for a header, n for a tree of 2^n headers
   * @param index of the tree among those of its level, from 0
   */
  void put(int level, long index, Bytes32 hash);
}
