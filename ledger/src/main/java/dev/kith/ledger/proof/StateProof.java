package dev.kith.ledger.proof;

import dev.kith.ledger.block.Committee;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import dev.kith.ledger.tree.TreeProof;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * What stands under a key in the state after a block, or that nothing does.
 *
 * @param key of the row
 * @param row empty where the proof is that there is none
 */
public record StateProof(FinalHeader at, Bytes key, Optional<Bytes> row, TreeProof path)
    implements Proof {
  /** The longest key and the longest row. */
  private static final int KEY_BYTES_MAX = 128;

  private static final int ROW_BYTES_MAX = 16 * 1024;

  public StateProof {
    if (key.isEmpty() || key.size() > KEY_BYTES_MAX) {
      throw new IllegalArgumentException("key: " + key.size() + " bytes");
    }
    if (row.isPresent() && row.get().size() > ROW_BYTES_MAX) {
      throw new IllegalArgumentException("row: " + row.get().size() + " bytes");
    }
  }

  @Override
  public boolean verify(Committee committee) {
    return at.verify(committee) && path.proves(at.header().stateRoot(), key, row);
  }

  /** final header ‖ key (u16 length) ‖ 0, or 1 ‖ row (u32 length) ‖ tree proof. */
  void writeFields(Writer to) {
    at.write(to);
    to.bytes16(key).u8(row.isPresent() ? 1 : 0);
    row.ifPresent(to::bytes32);
    path.write(to);
  }

  static StateProof readFields(Reader from) throws DecodeException {
    FinalHeader at = FinalHeader.read(from);
    Bytes key = from.bytes16(KEY_BYTES_MAX);
    Optional<Bytes> row = from.flag() ? Optional.of(from.bytes32(ROW_BYTES_MAX)) : Optional.empty();
    return new StateProof(at, key, row, TreeProof.read(from));
  }
}
