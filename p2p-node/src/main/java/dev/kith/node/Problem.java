package dev.kith.node;

/**
 * Why a request could not be done, for programs. The API carries the name, the CLI maps it to a
 * line and an exit code (docs/cli.md).
 */
public enum Problem {
  /** The caller asked for something that makes no sense. */
  BAD_REQUEST,
  NOT_FOUND,
  ALREADY_EXISTS,
  /** Wrong password or token. */
  NOT_ALLOWED,
  TICKET_EXPIRED,
  TICKET_INVALID,
  /** The home was written by another version of Kith. */
  WRONG_FORMAT,
  ALREADY_RUNNING,
  NOT_RUNNING,
  PORT_IN_USE,
  /** The owner's limit for this device, or the limits of all candidates, are spent. */
  QUOTA_FULL,
  DISK_FULL,
  NO_PEERS,
  LEDGER_STALLED,
  /** Stored data exists, but no holder of it can be reached. */
  DATA_UNREACHABLE,
  /** What holders returned does not match its hash, and no other holder has it. */
  DATA_CORRUPT,
  BAD_PROGRAM,
  PROGRAM_TOO_LARGE,
  /** No peer offers what the program needs. */
  NO_CAPABLE_PEER,
  /** A part failed on every peer that tried it. */
  PART_FAILED,
  TIMED_OUT,
  CANCELLED,
  /** A bug. */
  INTERNAL
}
