package dev.kith.ledger;

import java.util.Optional;

/** Why a fact did not fit the state. The names are part of the API, the numbers are on disk. */
public enum Refusal {
  NOT_A_MEMBER(1),
  ALREADY_A_MEMBER(2),
  BAD_SIGNATURE(3),
  TICKET_SPENT(4),
  TICKET_EXPIRED(5),
  NOT_THE_OWNER(6),
  WRONG_VERSION(7),
  UNKNOWN_GROUP(8),
  UNKNOWN_TASK(9),
  TASK_EXISTS(10),
  TASK_OVER(11),
  NOT_THE_LEASE_HOLDER(12),
  LEASE_HELD(13),
  PART_OUT_OF_RANGE(14),
  PARTS_MISSING(15),
  NOTHING_NEW(16),
  REPLAYED(17),
  EXPIRED(18),
  OUT_OF_BOUNDS(19),
  WRONG_ROOT(20),
  WRONG_EPOCH(21),
  BANNED(22),
  NO_OFFENCE(23);

  private final int number;

  Refusal(int number) {
    this.number = number;
  }

  /** From 1. */
  public int number() {
    return number;
  }

  /** The refusal with this number. */
  public static Optional<Refusal> of(int number) {
    for (Refusal refusal : values()) {
      if (refusal.number == number) {
        return Optional.of(refusal);
      }
    }
    return Optional.empty();
  }
}
