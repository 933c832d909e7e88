package dev.kith.ledger.proof;

import dev.kith.ledger.block.Committee;
import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;

/**
 * Something about the ledger that whoever knows the committee can check. One proof has one
 * encoding.
 */
public sealed interface Proof permits StateProof, RecordProof {
  /** The longest encoding: a row or fact of some KiB, three paths and two headers. */
  int BYTES_MAX = 32 * 1024;

  /** The header under which it is proved. */
  FinalHeader at();

  /** Whether it proves what it says, by the committee of the finalized header's epoch. */
  boolean verify(Committee committee);

  /** kind u8 (1 state, 2 record) ‖ the proof. */
  default void write(Writer to) {
    switch (this) {
      case StateProof proof -> proof.writeFields(to.u8(1));
      case RecordProof proof -> proof.writeFields(to.u8(2));
    }
  }

  default Bytes encode() {
    Writer to = new Writer(2048);
    write(to);
    return to.toBytes();
  }

  static Proof read(Reader from) throws DecodeException {
    int kind = from.u8();
    return switch (kind) {
      case 1 -> StateProof.readFields(from);
      case 2 -> RecordProof.readFields(from);
      default -> throw new DecodeException("no proof is of kind " + kind);
    };
  }

  /** The proof that these bytes, and nothing more, encode. */
  static Proof decode(Bytes bytes) throws DecodeException {
    if (bytes.size() > BYTES_MAX) {
      throw new DecodeException("a proof of " + bytes.size() + " bytes");
    }
    return Reader.whole(bytes, Proof::read);
  }
}
