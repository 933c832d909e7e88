package dev.kith.ledger.record;

import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The job is done: all parts answered and put together in order. From the current lease holder.
 *
 * @param orderRoot Merkle root of the result hashes in part order
 * @param outputHash SHA-256 of the joined answer
 * @param outputBytes its length
 * @param log where the output and the log of all attempts are stored, encrypted for the owner's
 *     devices; at most 512 bytes
 */
public record TaskSeal(
    Bytes32 task, int term, Bytes32 orderRoot, Bytes32 outputHash, long outputBytes, Bytes log)
    implements Fact {}
