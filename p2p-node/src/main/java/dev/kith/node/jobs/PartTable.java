package dev.kith.node.jobs;

import dev.kith.ledger.codec.Merkle;
import dev.kith.ledger.codec.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/** The parts of a job, in order: each a run of bytes of one input, or a number. Immutable. */
final class PartTable {
  /** The input of a part that reads nothing. */
  static final int NO_INPUT = -1;

  private final int[] inputs;
  private final long[] offsets;
  private final long[] lengths;
  private final boolean numbered;

  private PartTable(int[] inputs, long[] offsets, long[] lengths, boolean numbered) {
    this.inputs = inputs;
    this.offsets = offsets;
    this.lengths = lengths;
    this.numbered = numbered;
  }

  /** A part for each number from {@code first}; they read nothing. */
  static PartTable numbers(long first, int count) {
    int[] inputs = new int[count];
    long[] numbers = new long[count];
    Arrays.fill(inputs, NO_INPUT);
    for (int i = 0; i < count; i++) {
      numbers[i] = first + i;
    }
    return new PartTable(inputs, numbers, new long[count], true);
  }

  int parts() {
    return inputs.length;
  }

  /** The input's place in the job's list, or {@link #NO_INPUT}. */
  int input(int part) {
    return inputs[part];
  }

  long offset(int part) {
    return numbered ? 0 : offsets[part];
  }

  long length(int part) {
    return lengths[part];
  }

  /** What is added to the arguments of a part. */
  List<String> extraArguments(int part) {
    return numbered ? List.of(Long.toString(offsets[part])) : List.of();
  }

  /**
   * The Merkle root over the parts' descriptions: input u32 (0xffffffff for none) ‖ offset, or the
   * number, i64 ‖ length u64.
   */
  Bytes32 splitRoot() {
    List<Bytes> descriptions = new ArrayList<>(parts());
    for (int i = 0; i < parts(); i++) {
      Writer description = new Writer(20);
      description.fixed(Bytes.ofUnsignedInt(inputs[i] & 0xffff_ffffL));
      description.fixed(Bytes.ofUnsignedLong(offsets[i]));
      descriptions.add(description.u63(lengths[i]).toBytes());
    }
    return Merkle.root(descriptions);
  }

  /** Collects runs of bytes. */
  static final class Builder {
    private int[] inputs = new int[64];
    private long[] offsets = new long[64];
    private long[] lengths = new long[64];
    private int count;

    void add(int input, long offset, long length) {
      if (count == inputs.length) {
        inputs = Arrays.copyOf(inputs, 2 * count);
        offsets = Arrays.copyOf(offsets, 2 * count);
        lengths = Arrays.copyOf(lengths, 2 * count);
      }
      inputs[count] = input;
      offsets[count] = offset;
      lengths[count++] = length;
    }

    int count() {
      return count;
    }

    /** Nothing to read at all still makes one part, so that every job has an answer. */
    PartTable build() {
      if (count == 0) {
        add(NO_INPUT, 0, 0);
      }
      return new PartTable(
          Arrays.copyOf(inputs, count),
          Arrays.copyOf(offsets, count),
          Arrays.copyOf(lengths, count),
          false);
    }
  }
}
