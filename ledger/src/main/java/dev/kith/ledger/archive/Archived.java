package dev.kith.ledger.archive;

import dev.kith.ledger.Refusal;
import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * A final block and what became of its records.
 *
 * @param refusals one entry a record, in order
 */
public record Archived(FinalBlock block, List<Optional<Refusal>> refusals) {
  public Archived {
    refusals = List.copyOf(refusals);
    if (refusals.size() != block.block().header().records()) {
      throw new IllegalArgumentException("refusals: " + refusals.size());
    }
  }

  /** final block ‖ outcomes (u16 count, each u8: 0 applied, else the refusal's number). */
  Bytes encode() {
    Writer to = new Writer(2048);
    block.write(to);
    to.u16(refusals.size());
    refusals.forEach(refusal -> to.u8(refusal.map(Refusal::number).orElse(0)));
    return to.toBytes();
  }

  static Archived decode(Bytes bytes) throws DecodeException {
    return Reader.whole(
        bytes,
        from ->
            new Archived(FinalBlock.read(from), from.list16(Block.RECORDS_MAX, Archived::refusal)));
  }

  private static Optional<Refusal> refusal(Reader from) throws DecodeException {
    int number = from.u8();
    Optional<Refusal> refusal = Refusal.of(number);
    if (number != 0 && refusal.isEmpty()) {
      throw new DecodeException("no refusal has the number " + number);
    }
    return refusal;
  }
}
