package dev.kith.dht.transfer;

import java.util.Optional;

/** Why a holder did not take a group. The numbers are on the wire. */
public enum Refusal {
  /** What its owner lends is spent. */
  QUOTA(1),
  /** Its disk is full. */
  DISK(2),
  /** It is writing this very group, or too many, at the moment. */
  BUSY(3),
  /** A chunk's bytes are not what its id says. */
  BAD_CHUNK(4),
  /** What the putter committed is not what arrived. */
  MISMATCH(5),
  /** The holder failed. */
  FAILED(6);

  private final int number;

  Refusal(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  static Optional<Refusal> of(int number) {
    for (Refusal refusal : values()) {
      if (refusal.number == number) {
        return Optional.of(refusal);
      }
    }
    return Optional.empty();
  }
}
