package dev.kith.ledger;

/** What became of a fact. */
public sealed interface Outcome {
  /** It stands in the final block of this height and took effect. */
  record Applied(long height) implements Outcome {}

  /** It stands in the final block of this height and did not fit the state. */
  record Refused(long height, Refusal refusal) implements Outcome {}

  default boolean applied() {
    return this instanceof Applied;
  }
}
