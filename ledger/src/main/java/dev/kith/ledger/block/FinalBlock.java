package dev.kith.ledger.block;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.Batch;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** A block with all its records and the proof that it is final: what followers are sent. */
public record FinalBlock(Block block, List<Batch> batches, Finality finality) {
  /** The longest encoding: a full body, its references, and the longest proof. */
  public static final int BYTES_MAX = 2 << 20;

  public FinalBlock {
    batches = List.copyOf(batches);
    if (!block.batches().equals(batches.stream().map(BatchRef::of).toList())) {
      throw new IllegalArgumentException("batches: not those of the block");
    }
  }

  /** header ‖ batches (u16 count, each u32 length) ‖ finality. */
  public void write(Writer to) {
    block.header().write(to);
    to.u16(batches.size());
    batches.forEach(batch -> to.bytes32(batch.encoded()));
    finality.write(to);
  }

  public Bytes encode() {
    Writer to = new Writer(1024 + block.header().bodyBytes());
    write(to);
    return to.toBytes();
  }

  public static FinalBlock read(Reader from) throws DecodeException {
    Header header = Header.read(from);
    List<Batch> batches =
        from.list16(Block.BATCHES_MAX, r -> Batch.decode(r.bytes32(Batch.BYTES_MAX)));
    List<BatchRef> refs = new ArrayList<>(batches.size());
    batches.forEach(batch -> refs.add(BatchRef.of(batch)));
    return new FinalBlock(new Block(header, refs), batches, Finality.read(from));
  }
}
