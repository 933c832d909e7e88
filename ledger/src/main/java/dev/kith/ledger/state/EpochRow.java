package dev.kith.ledger.state;

import dev.kith.ledger.block.Committee;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.LedgerKey;
import dev.kith.ledger.record.ValidatorReady;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * An epoch and its committee.
 *
 * @param startHeight of the block that ended the epoch before; 0 for the genesis
 * @param startMillis chain time of that block
 * @param seats by key, so that a seat's index is the validator's in the committee
 */
public record EpochRow(long number, long startHeight, long startMillis, List<Seat> seats) {
  public EpochRow {
    seats = List.copyOf(seats);
  }

  /**
   * A validator's seat.
   *
   * @param key compressed, 33 bytes
   * @param journal the write-ahead log that it may vote with; zeros stand for the one from before
   *     the realm began
   */
  public record Seat(int member, Bytes key, Bytes journal) {}

  public List<Bytes> keys() {
    return seats.stream().map(Seat::key).toList();
  }

  /** The index in the committee of a member; -1 where it has no seat. */
  public int seatOf(int member) {
    for (int i = 0; i < seats.size(); i++) {
      if (seats.get(i).member == member) {
        return i;
      }
    }
    return -1;
  }

  /** number u64 ‖ height u64 ‖ time u64 ‖ seats (u8 count, each member u16 ‖ key ‖ journal). */
  Bytes encode() {
    Writer to = new Writer(64 + seats.size() * 51);
    to.u63(number).u63(startHeight).u63(startMillis).u8(seats.size());
    seats.forEach(seat -> to.u16(seat.member).fixed(seat.key).fixed(seat.journal));
    return to.toBytes();
  }

  static EpochRow decode(Bytes row) throws DecodeException {
    return Reader.whole(
        row,
        from ->
            new EpochRow(
                from.u63(),
                from.u63(),
                from.u63(),
                from.list8(
                    Committee.SIZE_MAX,
                    r ->
                        new Seat(
                            r.u16(),
                            r.fixed(LedgerKey.BYTES),
                            r.fixed(ValidatorReady.JOURNAL_BYTES)))));
  }
}
