package dev.kith.ledger;

/** Why a fact did not fit the state. The names are part of the API; the order is on disk. */
public enum Refusal {
  NOT_A_MEMBER,
  ALREADY_A_MEMBER,
  BAD_SIGNATURE,
  TICKET_SPENT,
  TICKET_EXPIRED,
  NOT_THE_OWNER,
  WRONG_VERSION,
  UNKNOWN_GROUP,
  UNKNOWN_TASK,
  TASK_EXISTS,
  TASK_OVER,
  NOT_THE_LEASE_HOLDER,
  LEASE_HELD,
  PART_OUT_OF_RANGE,
  PARTS_MISSING,
  NOTHING_NEW,
  REPLAYED,
  EXPIRED,
  OUT_OF_BOUNDS
}
