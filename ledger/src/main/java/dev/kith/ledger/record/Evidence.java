package dev.kith.ledger.record;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;
import dev.kith.ledger.codec.Writer;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.bytes.Bytes32;

/**
 * Two statements of one validator on one view that no honest one signs both: it notarized two
 * blocks, finalized two, or both nullified and finalized. By any member; whether it is true can be
 * computed from it and the epoch's committee alone.
 *
 * @param signer the validator's index in the committee of that epoch
 * @param first comes before {@code second} by kind, then by digest: one encoding for one offence
 */
public record Evidence(long epoch, long view, int signer, Said first, Said second) implements Fact {
  public Evidence {
    Bounds.range("epoch", epoch, 0, Long.MAX_VALUE);
    Bounds.range("view", view, 1, Long.MAX_VALUE);
    Bounds.range("signer", signer, 0, 29);
    if (first.order(second) >= 0) {
      throw new IllegalArgumentException("first: not before the second");
    }
    boolean twoBlocks = first.kind == second.kind && first.kind != Said.NULLIFY;
    if (!twoBlocks && !(first.kind == Said.NULLIFY && second.kind == Said.FINALIZE)) {
      throw new IllegalArgumentException("kinds: " + first.kind + " and " + second.kind);
    }
  }

  /** Evidence from two statements in any order. */
  public static Evidence of(long epoch, long view, int signer, Said one, Said other) {
    return one.order(other) < 0
        ? new Evidence(epoch, view, signer, one, other)
        : new Evidence(epoch, view, signer, other, one);
  }

  /** epoch u64 ‖ view u64 ‖ signer u8 ‖ twice: kind u8 ‖ digest (32) ‖ signature (64). */
  void write(Writer to) {
    to.u63(epoch).u63(view).u8(signer);
    first.write(to);
    second.write(to);
  }

  static Evidence read(Reader from) throws DecodeException {
    return new Evidence(from.u63(), from.u63(), from.u8(), Said.read(from), Said.read(from));
  }

  /**
   * One signed statement.
   *
   * @param kind 1 notarize, 2 nullify, 3 finalize
   * @param digest of the block; zero with nullify
   */
  public record Said(int kind, Bytes32 digest, Bytes signature) {
    private static final int NULLIFY = 2;
    private static final int FINALIZE = 3;

    public Said {
      Bounds.range("kind", kind, 1, FINALIZE);
      Bounds.exactly("signature", signature, Bounds.SIGNATURE_BYTES);
      if ((kind == NULLIFY) != digest.isZero()) {
        throw new IllegalArgumentException("digest: " + digest + " for " + kind);
      }
    }

    private int order(Said other) {
      return kind == other.kind
          ? digest.compareTo(other.digest)
          : Integer.compare(kind, other.kind);
    }

    private void write(Writer to) {
      to.u8(kind).fixed(digest).fixed(signature);
    }

    private static Said read(Reader from) throws DecodeException {
      return new Said(from.u8(), from.hash(), from.fixed(Bounds.SIGNATURE_BYTES));
    }
  }
}
