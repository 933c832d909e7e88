package dev.kith.ledger.state;

import dev.kith.ledger.block.Committee;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * How the validators of the present epoch behave. What one leader claims moves nobody: absent is
 * whom more than half of the committee missed, each in all its blocks for a while.
 *
 * @param leaving bit i is set where validator i said that it goes
 * @param evicted bit i is set where validator i was proved to lie
 * @param misses who is missed by whom, in the order in which that began
 */
record Conduct(int leaving, int evicted, List<Miss> misses) {
  static final Conduct GOOD = new Conduct(0, 0, List.of());

  private static final int MISSES_MAX = Committee.SIZE_MAX * Committee.SIZE_MAX;

  Conduct {
    misses = List.copyOf(misses);
  }

  /** Since when a leader has not seen a validator vote. */
  record Miss(int leader, int validator, long sinceMillis) {}

  Conduct leaves(int validator, boolean really) {
    int bit = 1 << validator;
    return new Conduct(really ? leaving | bit : leaving & ~bit, evicted, misses);
  }

  Conduct evicts(int validator) {
    return new Conduct(leaving, evicted | 1 << validator, misses);
  }

  /** After a block's claim. Its leader itself is there, whatever others claimed. */
  Conduct claimed(int leader, int attendance, int size, long timeMillis) {
    List<Miss> after = new ArrayList<>();
    int known = 0;
    for (Miss miss : misses) {
      boolean own = miss.leader == leader;
      boolean seen = own && (attendance >> miss.validator & 1) != 0;
      if (miss.validator != leader && !seen) {
        after.add(miss);
        known |= own ? 1 << miss.validator : 0;
      }
    }
    for (int i = 0; i < size; i++) {
      if (i != leader && (attendance >> i & 1) == 0 && (known >> i & 1) == 0) {
        after.add(new Miss(leader, i, timeMillis));
      }
    }
    return new Conduct(leaving, evicted, after);
  }

  /** Whether more than half of the committee has missed a validator since then, or before. */
  boolean absent(int validator, int size, long sinceMillis) {
    long claims =
        misses.stream()
            .filter(miss -> miss.validator == validator && miss.sinceMillis <= sinceMillis)
            .count();
    return 2 * claims > size;
  }

  /** leaving u32 ‖ evicted u32 ‖ misses (u16 count, each leader u8 ‖ validator u8 ‖ time u64). */
  Bytes encode() {
    Writer to = new Writer(16 + misses.size() * 10);
    to.u32(leaving).u32(evicted).u16(misses.size());
    misses.forEach(miss -> to.u8(miss.leader).u8(miss.validator).u63(miss.sinceMillis));
    return to.toBytes();
  }

  static Conduct decode(@Nullable Bytes row) throws DecodeException {
    return row == null
        ? GOOD
        : Reader.whole(
            row,
            from ->
                new Conduct(
                    from.u32(),
                    from.u32(),
                    from.list16(MISSES_MAX, r -> new Miss(r.u8(), r.u8(), r.u63()))));
  }
}
