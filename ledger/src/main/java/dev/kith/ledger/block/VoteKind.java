package dev.kith.ledger.block;

import dev.kith.ledger.codec.DecodeException;
import dev.kith.ledger.codec.Reader;

/** What a validator can say about a view. */
public enum VoteKind {
  /** This block is valid and may be built upon; at most one block a view. */
  NOTARIZE(1),
  /** This view may be skipped; never together with FINALIZE. */
  NULLIFY(2),
  /** I saw this block notarized and did not ask to skip its view. */
  FINALIZE(3);

  private final int number;

  VoteKind(int number) {
    this.number = number;
  }

  /** The number in signed messages and on the wire. */
  public int number() {
    return number;
  }

  /**
   * The kind with this number.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static VoteKind of(int number) {
    return switch (number) {
      case 1 -> NOTARIZE;
      case 2 -> NULLIFY;
      case 3 -> FINALIZE;
      default -> throw new IllegalArgumentException("no vote has the number " + number);
    };
  }

  static VoteKind read(Reader from) throws DecodeException {
    return from.one(reader -> of(reader.u8()));
  }
}
