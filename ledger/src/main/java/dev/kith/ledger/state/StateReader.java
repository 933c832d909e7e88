package dev.kith.ledger.state;

import java.io.IOException;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** A state as of some block. */
@FunctionalInterface
public interface StateReader {
  /** The row, or null where there is none. */
  @Nullable Bytes get(Bytes key) throws IOException;
}
