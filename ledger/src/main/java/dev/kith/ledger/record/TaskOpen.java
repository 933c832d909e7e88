package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A job starts: how it is split is fixed from here on. The author takes the first lease (term 1).
 *
 * @param task the job's id, 32 random bytes
 * @param owner 33 bytes, whose job it is
 * @param programHash SHA-256 of the program
 * @param splitRoot Merkle root of the parts' descriptions, in order
 * @param parts number of parts, 1 to 65,536
 * @param attempts racers for each part (1 + entropy)
 * @param deadlineMillis chain time at which the job lapses
 * @param specification what a coordinator needs to go on, encrypted for the owner's devices; at
 *     most 1 KiB
 * @param coordinators members (by index) that may hold the lease, the author first; at most 16
 */
public record TaskOpen(
    Bytes32 task,
    Bytes owner,
    Bytes32 programHash,
    Bytes32 splitRoot,
    int parts,
    int attempts,
    long deadlineMillis,
    Bytes specification,
    List<Integer> coordinators)
    implements Fact {
  /** Parts of one job. */
  public static final int PARTS_MAX = 65_536;

  /** Racers for one part. */
  public static final int ATTEMPTS_MAX = 16;

  /** The longest {@code specification}. */
  public static final int SPECIFICATION_BYTES_MAX = 1024;

  /** Members that may coordinate one job. */
  public static final int COORDINATORS_MAX = 16;

  public TaskOpen {
    LedgerKey.require("owner", owner);
    Bounds.range("parts", parts, 1, PARTS_MAX);
    Bounds.range("attempts", attempts, 1, ATTEMPTS_MAX);
    Bounds.range("deadlineMillis", deadlineMillis, 0, Long.MAX_VALUE);
    Bounds.atMost("specification", specification, SPECIFICATION_BYTES_MAX);
    Bounds.count("coordinators", coordinators, 1, COORDINATORS_MAX);
    coordinators = List.copyOf(coordinators);
    coordinators.forEach(index -> Bounds.range("coordinators", index, 0, 0xFFFF));
  }

  /**
   * task (32) ‖ owner (33) ‖ program (32) ‖ split root (32) ‖ parts u32 ‖ attempts u8 ‖ deadline
   * u64 ‖ specification (u16 length) ‖ coordinators (u8 count, each u16).
   */
  void write(Writer to) {
    to.fixed(task).fixed(owner).fixed(programHash).fixed(splitRoot).u32(parts).u8(attempts);
    to.u63(deadlineMillis).bytes16(specification).u8(coordinators.size());
    coordinators.forEach(to::u16);
  }

  static TaskOpen read(Reader from) throws DecodeException {
    return new TaskOpen(
        from.hash(),
        from.fixed(LedgerKey.BYTES),
        from.hash(),
        from.hash(),
        from.u32(),
        from.u8(),
        from.u63(),
        from.bytes16(SPECIFICATION_BYTES_MAX),
        from.list8(COORDINATORS_MAX, Reader::u16));
  }
}
