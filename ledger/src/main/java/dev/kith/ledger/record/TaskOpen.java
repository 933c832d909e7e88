package dev.kith.ledger.record;

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
  public TaskOpen {
    coordinators = List.copyOf(coordinators);
  }
}
