package dev.kith.ledger.block;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes32;

/**
 * What a vote says and a certificate proves. Two certificates with different bytes may prove one
 * statement, so a certificate is known by its statement and never by its hash.
 *
 * @param digest of the block; zero for NULLIFY
 */
public record Statement(VoteKind kind, long epoch, long view, Bytes32 digest) {
  public Statement {
    if (epoch < 0 || view < 1) {
      throw new IllegalArgumentException("view: " + view + " of epoch " + epoch);
    }
    if ((kind == VoteKind.NULLIFY) != digest.isZero()) {
      throw new IllegalArgumentException("digest: " + digest + " for " + kind);
    }
  }

  public static Statement notarize(long epoch, long view, Bytes32 digest) {
    return new Statement(VoteKind.NOTARIZE, epoch, view, digest);
  }

  public static Statement nullify(long epoch, long view) {
    return new Statement(VoteKind.NULLIFY, epoch, view, Bytes32.ZERO);
  }

  public static Statement finalize(long epoch, long view, Bytes32 digest) {
    return new Statement(VoteKind.FINALIZE, epoch, view, digest);
  }

  /** kind u8 ‖ epoch u64 ‖ view u64 ‖ digest (32). */
  public void write(Writer to) {
    to.u8(kind.number()).u63(epoch).u63(view).fixed(digest);
  }

  static Statement read(Reader from) throws DecodeException {
    return new Statement(VoteKind.read(from), from.u63(), from.u63(), from.hash());
  }
}
