package dev.kith.ledger.proof;

import dev.kith.ledger.block.BatchRef;
import dev.kith.ledger.block.Block;
import dev.kith.ledger.block.Committee;
import dev.kith.ledger.block.FinalBlock;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Merkle;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.record.Batch;
import dev.kith.ledger.record.SignedRecord;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;

/**
 * That a record stands in a final block, and that its author signed it. Whether it had an effect
 * there is a matter of the state.
 *
 * @param inBatch from the record's id to the batch's digest
 * @param position of the batch among the {@code batches} of the block
 * @param inBody from the batch's reference to the header's body root
 */
public record RecordProof(
    FinalHeader at,
    SignedRecord record,
    BatchRef batch,
    List<Bytes32> inBatch,
    int position,
    int batches,
    List<Bytes32> inBody)
    implements Proof {
  /** Levels of a tree over 256 things. */
  private static final int PATH_MAX = 8;

  public RecordProof {
    inBatch = List.copyOf(inBatch);
    inBody = List.copyOf(inBody);
    if (inBatch.size() > PATH_MAX || inBody.size() > PATH_MAX) {
      throw new IllegalArgumentException("path: " + inBatch.size() + ", " + inBody.size());
    }
    if (batches < 1 || batches > Block.BATCHES_MAX || position < 0 || position >= batches) {
      throw new IllegalArgumentException("position: " + position + " of " + batches);
    }
  }

  /**
   * Proves a record of a final block.
   *
   * @param at the block's header
   * @param position of the record among all of the block
   */
  public static RecordProof of(FinalHeader at, FinalBlock block, int position) {
    List<Batch> batches = block.batches();
    int number = 0;
    int index = position;
    while (number < batches.size() && index >= batches.get(number).facts().size()) {
      index -= batches.get(number++).facts().size();
    }
    if (position < 0 || number == batches.size()) {
      throw new IllegalArgumentException("position: " + position);
    }
    List<SignedRecord> records = batches.get(number).records();
    List<BatchRef> refs = block.block().batches();
    return new RecordProof(
        at,
        records.get(index),
        refs.get(number),
        Merkle.path(records.stream().map(SignedRecord::id).toList(), index),
        number,
        refs.size(),
        Merkle.path(refs.stream().map(BatchRef::leaf).toList(), number));
  }

  @Override
  public boolean verify(Committee committee) {
    return at.verify(committee)
        && Merkle.leads(batch.leaf(), position, batches, inBody, at.header().bodyRoot())
        && Merkle.leads(record.id(), record.index(), batch.records(), inBatch, batch.digest())
        && record.signed(committee.realmId(), batch.digest());
  }

  /**
   * final header ‖ record ‖ batch reference ‖ path (u8 count, 32 each) ‖ position u16 ‖ batches u16
   * ‖ path (u8 count, 32 each).
   */
  void writeFields(Writer to) {
    at.write(to);
    record.write(to);
    batch.write(to);
    to.u8(inBatch.size());
    inBatch.forEach(to::fixed);
    to.u16(position).u16(batches).u8(inBody.size());
    inBody.forEach(to::fixed);
  }

  static RecordProof readFields(Reader from) throws DecodeException {
    return new RecordProof(
        FinalHeader.read(from),
        SignedRecord.read(from),
        BatchRef.read(from),
        from.list8(PATH_MAX, Reader::hash),
        from.u16(),
        from.u16(),
        from.list8(PATH_MAX, Reader::hash));
  }
}
