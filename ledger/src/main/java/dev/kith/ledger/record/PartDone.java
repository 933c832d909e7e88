package dev.kith.ledger.record;

import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Parts that were answered, each with its first responder. From the current lease holder only; the
 * first entry for a part in ledger order wins, later ones are ignored.
 *
 * @param results at most 32
 */
public record PartDone(Bytes32 task, int term, List<Result> results) implements Fact {
  public PartDone {
    results = List.copyOf(results);
  }

  /**
   * @param part from 0
   * @param worker the first responder, by member index
   * @param resultHash SHA-256 of the answer
   * @param workerSignature 64 bytes r‖s by the worker over {@link #message}
   */
  public record Result(int part, int worker, Bytes32 resultHash, Bytes workerSignature) {}

  /** What a worker signs: domain ‖ task (32) ‖ part (4) ‖ result hash (32). */
  public static Bytes message(Bytes32 task, int part, Bytes32 resultHash) {
    return Bytes.concatenate(
        Bytes.wrap("kith/result/1".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
        task,
        Bytes.ofUnsignedInt(part),
        resultHash);
  }
}
