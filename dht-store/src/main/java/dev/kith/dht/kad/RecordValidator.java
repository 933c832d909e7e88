package dev.kith.dht.kad;

import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * The rules of one namespace of values: keys {@code /name/...}. Pure and thread-safe. A value is
 * checked before it is stored, before it is given out, and when it arrives from another peer.
 */
public interface RecordValidator {
  /** Whether {@code value} may stand under {@code key}, the whole key with its namespace. */
  boolean valid(Bytes key, Bytes value);

  /**
   * Which of several valid values is the best one, for instance the newest. The choice must not
   * depend on the order, so that all peers come to agree.
   *
   * @param values at least one
   * @return an index into {@code values}
   */
  int select(Bytes key, List<Bytes> values);
}
