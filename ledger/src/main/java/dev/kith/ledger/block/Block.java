package dev.kith.ledger.block;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Merkle;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.List;
import org.apache.tuweni.bytes.Bytes32;

/**
 * A header and the batches that it orders, by reference. One whose body is not the header's cannot
 * be made, so no forged body ever stands under a digest. Immutable.
 */
public final class Block {
  /** Batches in one block. */
  public static final int BATCHES_MAX = 256;

  /** Records in one block. */
  public static final int RECORDS_MAX = 4096;

  /** Bytes of batches in one block. */
  public static final int BODY_BYTES_MAX = 1 << 20;

  private final Header header;
  private final List<BatchRef> batches;
  private final Bytes32 digest;

  public Block(Header header, List<BatchRef> batches) {
    this.header = header;
    this.batches = List.copyOf(batches);
    if (batches.size() > BATCHES_MAX
        || header.records() > RECORDS_MAX
        || header.bodyBytes() > BODY_BYTES_MAX) {
      throw new IllegalArgumentException("block: above the limits");
    }
    if (batches.stream().mapToInt(BatchRef::records).sum() != header.records()
        || batches.stream().mapToInt(BatchRef::bytes).sum() != header.bodyBytes()
        || !bodyRoot(batches).equals(header.bodyRoot())) {
      throw new IllegalArgumentException("block: the body is not the header's");
    }
    digest = header.digest();
  }

  public static Bytes32 bodyRoot(List<BatchRef> batches) {
    return Merkle.root(batches.stream().map(BatchRef::leaf).toList());
  }

  public Header header() {
    return header;
  }

  public List<BatchRef> batches() {
    return batches;
  }

  public Bytes32 digest() {
    return digest;
  }

  public long view() {
    return header.view();
  }

  public long height() {
    return header.height();
  }

  /** This block as a parent. */
  public ChainPoint point() {
    return header.point(digest);
  }

  /** header ‖ batch references (u16 count, 38 bytes each). */
  public void write(Writer to) {
    header.write(to);
    to.u16(batches.size());
    batches.forEach(batch -> batch.write(to));
  }

  public static Block read(Reader from) throws DecodeException {
    return new Block(Header.read(from), from.list16(BATCHES_MAX, BatchRef::read));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Block block && block.digest.equals(digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "block " + height() + " of view " + view() + " " + digest.toShortHexString();
  }
}
