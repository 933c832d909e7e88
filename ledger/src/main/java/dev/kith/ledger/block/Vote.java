package dev.kith.ledger.block;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;

/**
 * One validator's signed statement.
 *
 * @param signer index in the committee
 * @param signature 64 bytes r‖s over {@link Committee#signingHash}
 */
public record Vote(Statement statement, int signer, Bytes signature) {
  static final int SIGNATURE_BYTES = 64;

  public Vote {
    if (signer < 0 || signer >= Committee.SIZE_MAX) {
      throw new IllegalArgumentException("signer: " + signer);
    }
    if (signature.size() != SIGNATURE_BYTES) {
      throw new IllegalArgumentException("signature: " + signature.size() + " bytes");
    }
  }

  public VoteKind kind() {
    return statement.kind();
  }

  public long view() {
    return statement.view();
  }

  /** statement (49) ‖ signer u8 ‖ signature (64). */
  public void write(Writer to) {
    statement.write(to);
    to.u8(signer).fixed(signature);
  }

  public static Vote read(Reader from) throws DecodeException {
    return new Vote(Statement.read(from), from.u8(), from.fixed(SIGNATURE_BYTES));
  }
}
