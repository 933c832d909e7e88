package dev.kith.ledger.state;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a member from a seat for a while.
 *
 * @param times it was dropped for absence, each within a day of the one before
 */
record Ban(long untilMillis, long sinceMillis, int times) {
  /** Proof of a lie counts so long after its epoch began: seven days. */
  static final long PROOF_MILLIS = 7L * 24 * 3_600_000;

  /** How long a device that was dropped for absence waits at first; it doubles with each time. */
  static final long ABSENT_MILLIS = 30_000;

  private static final long FORGOTTEN_MILLIS = 24L * 3_600_000;
  private static final int DOUBLINGS_MAX = 7;

  static final Ban NONE = new Ban(0, 0, 0);

  Ban absent(long timeMillis) {
    int again = timeMillis - sinceMillis < FORGOTTEN_MILLIS ? Math.min(times, DOUBLINGS_MAX) : 0;
    long until = timeMillis + (ABSENT_MILLIS << again);
    return new Ban(Math.max(untilMillis, until), timeMillis, again + 1);
  }

  /** A proved liar has no seat for at least seven days: until fourteen after the epoch began. */
  Ban liar(long epochMillis) {
    long until = epochMillis + 2 * PROOF_MILLIS;
    return new Ban(Math.max(untilMillis, until), sinceMillis, times);
  }

  /** until u64 ‖ since u64 ‖ times u8. */
  Bytes encode() {
    return new Writer(17).u63(untilMillis).u63(sinceMillis).u8(times).toBytes();
  }

  static Ban decode(@Nullable Bytes row) throws DecodeException {
    return row == null
        ? NONE
        : Reader.whole(row, from -> new Ban(from.u63(), from.u63(), from.u8()));
  }
}
