package dev.kith.ledger.block;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import java.util.List;

/**
 * Proof that a block is final: the finalization of the block itself, or of a descendant together
 * with the headers that lead there.
 *
 * @param descendants headers from the block's child to the finalized one; empty where the block
 *     itself was finalized
 */
public record Finality(List<Header> descendants, Certificate finalization) {
  /** Headers in one proof. A longer run without a finalization is not expected. */
  public static final int DESCENDANTS_MAX = 1024;

  public Finality {
    descendants = List.copyOf(descendants);
    if (descendants.size() > DESCENDANTS_MAX) {
      throw new IllegalArgumentException("descendants: " + descendants.size());
    }
    if (finalization.kind() != VoteKind.FINALIZE) {
      throw new IllegalArgumentException("finalization: a certificate to " + finalization.kind());
    }
  }

  /** Whether it proves that {@code block} is final. */
  public boolean proves(Block block, Committee committee) {
    ChainPoint point = block.point();
    for (Header header : descendants) {
      if (!header.follows(point, committee)) {
        return false;
      }
      point = header.point(header.digest());
    }
    return finalization.statement().digest().equals(point.digest())
        && finalization.view() == point.view()
        && committee.verify(finalization);
  }

  /** headers (u16 count, each of fixed length) ‖ certificate. */
  public void write(Writer to) {
    to.u16(descendants.size());
    descendants.forEach(header -> header.write(to));
    finalization.write(to);
  }

  public static Finality read(Reader from) throws DecodeException {
    return new Finality(from.list16(DESCENDANTS_MAX, Header::read), Certificate.read(from));
  }
}
