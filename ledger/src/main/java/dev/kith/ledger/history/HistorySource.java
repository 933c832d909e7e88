package dev.kith.ledger.history;

import java.io.IOException;
import org.apache.tuweni.bytes.Bytes32;

/** Gives back what a {@link HistorySink} took. */
@FunctionalInterface
public interface HistorySource {
  /**
   * @throws IOException also when it is not there
   */
  Bytes32 get(int level, long index) throws IOException;
}
