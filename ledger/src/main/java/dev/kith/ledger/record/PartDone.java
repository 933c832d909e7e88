package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
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
  /** Results in one fact. */
  public static final int RESULTS_MAX = 32;

  public PartDone {
    Bounds.range("term", term, 1, Integer.MAX_VALUE);
    Bounds.count("results", results, 1, RESULTS_MAX);
    results = List.copyOf(results);
  }

  /**
   * task (32) ‖ term u32 ‖ results (u8 count, each: part u32, worker u16, hash (32), signature
   * (64)).
   */
  void write(Writer to) {
    to.fixed(task).u32(term).u8(results.size());
    for (Result result : results) {
      to.u32(result.part).u16(result.worker);
      to.fixed(result.resultHash).fixed(result.workerSignature);
    }
  }

  static PartDone read(Reader from) throws DecodeException {
    return new PartDone(
        from.hash(),
        from.u32(),
        from.list8(
            RESULTS_MAX,
            r -> new Result(r.u32(), r.u16(), r.hash(), r.fixed(Bounds.SIGNATURE_BYTES))));
  }

  /**
   * @param part from 0
   * @param worker the first responder, by member index
   * @param resultHash SHA-256 of the answer
   * @param workerSignature 64 bytes r‖s by the worker over {@link #message}
   */
  public record Result(int part, int worker, Bytes32 resultHash, Bytes workerSignature) {
    public Result {
      Bounds.range("part", part, 0, TaskOpen.PARTS_MAX - 1);
      Bounds.range("worker", worker, 0, 0xFFFF);
      Bounds.exactly("workerSignature", workerSignature, Bounds.SIGNATURE_BYTES);
    }
  }

  /** What a worker signs: domain ‖ task (32) ‖ part (4) ‖ result hash (32). */
  public static Bytes message(Bytes32 task, int part, Bytes32 resultHash) {
    return Bytes.concatenate(
        Bytes.wrap("kith/result/1".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
        task,
        Bytes.ofUnsignedInt(part),
        resultHash);
  }
}
