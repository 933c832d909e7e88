package dev.kith.ledger.state;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.Fact;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * The part of a job's row that changes.
 *
 * @param done parts with a first responder
 * @param orderRoot over the result hashes once all parts are done, zero before
 * @param end the encoded TaskSeal or TaskVoid, empty while the job runs
 */
record TaskProgress(
    int term, int holder, long leaseExpiresMillis, int done, Bytes32 orderRoot, Bytes end) {
  boolean over() {
    return !end.isEmpty();
  }

  TaskProgress lease(int newTerm, int newHolder, long expiresMillis) {
    return new TaskProgress(newTerm, newHolder, expiresMillis, done, orderRoot, end);
  }

  TaskProgress parts(int nowDone, Bytes32 root) {
    return new TaskProgress(term, holder, leaseExpiresMillis, nowDone, root, end);
  }

  TaskProgress ended(Bytes fact) {
    return new TaskProgress(term, holder, leaseExpiresMillis, done, orderRoot, fact);
  }

  /** term u32 ‖ holder u16 ‖ expiry u64 ‖ done u32 ‖ order root (32) ‖ end (u16 length). */
  Bytes encode() {
    Writer to = new Writer(96);
    to.u32(term).u16(holder).u63(leaseExpiresMillis).u32(done).fixed(orderRoot).bytes16(end);
    return to.toBytes();
  }

  static TaskProgress decode(Bytes row) throws DecodeException {
    return Reader.whole(
        row,
        from ->
            new TaskProgress(
                from.u32(),
                from.u16(),
                from.u63(),
                from.u32(),
                from.hash(),
                from.bytes16(Fact.BYTES_MAX)));
  }
}
