package dev.kith.ledger.state;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.BitSet;
import org.apache.tuweni.bytes.Bytes;

/**
 * Which batches of an author stand on the chain already: the highest sequence and the 1,023 below
 * it. Older ones count as seen, so an author may have that many under way, in any order.
 */
record SequenceWindow(long highest, Bytes seen) {
  static final int WIDTH = 1024;

  private static final SequenceWindow EMPTY = new SequenceWindow(-1, Bytes.EMPTY);

  boolean fresh(long sequence) {
    if (sequence > highest) {
      return true;
    }
    long back = highest - sequence;
    return back < WIDTH && !BitSet.valueOf(seen.toArrayUnsafe()).get((int) back);
  }

  /** The window after this sequence was seen; bit i stands for the highest less i. */
  SequenceWindow with(long sequence) {
    BitSet bits = BitSet.valueOf(seen.toArrayUnsafe());
    if (sequence <= highest) {
      bits.set((int) (highest - sequence));
      return new SequenceWindow(highest, Bytes.wrap(bits.toByteArray()));
    }
    BitSet moved = new BitSet(WIDTH);
    moved.set(0);
    long by = sequence - highest;
    if (highest >= 0 && by < WIDTH) {
      bits.stream().map(bit -> bit + (int) by).filter(bit -> bit < WIDTH).forEach(moved::set);
    }
    return new SequenceWindow(sequence, Bytes.wrap(moved.toByteArray()));
  }

  /** highest u64 ‖ bits (u16 length, shortest form). */
  Bytes encode() {
    return new Writer(160).u63(highest).bytes16(seen).toBytes();
  }

  static SequenceWindow decode(@org.jspecify.annotations.Nullable Bytes row)
      throws DecodeException {
    return row == null
        ? EMPTY
        : Reader.whole(row, from -> new SequenceWindow(from.u63(), from.bytes16(WIDTH / 8)));
  }
}
