package dev.kith.dht.kad;

import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** Values of one byte, of which the largest is best. */
final class CounterValidator implements RecordValidator {
  @Override
  public boolean valid(Bytes key, Bytes value) {
    return value.size() == 1;
  }

  @Override
  public int select(Bytes key, List<Bytes> values) {
    int best = 0;
    for (int i = 1; i < values.size(); i++) {
      if (values.get(i).compareTo(values.get(best)) > 0) {
        best = i;
      }
    }
    return best;
  }
}
