package dev.kith.cli;

import dev.kith.node.Problem;

/**
 * The exit codes of {@code kith}, which scripts may depend on. This is the only table; docs/cli.md
 * repeats it and a test compares the two.
 */
public enum ExitCode {
  OK(0, "done"),
  BUG(1, "a bug in Kith; the daemon's log says more"),
  USAGE(2, "wrong arguments, or a local file that cannot be read or written"),
  NOT_FOUND(3, "no such path, job, group or peer"),
  NOT_ALLOWED(4, "wrong password or token; a ticket that is expired, spent or foreign"),
  NOT_REACHABLE(5, "the daemon does not run, no peer answers, or the ledger is stalled"),
  NO_SPACE(6, "a quota or a disk is full"),
  DATA_LOST(7, "stored data cannot be reached now, or no holder has it intact"),
  BAD_PROGRAM(8, "not a program, too large, or no peer has what it needs"),
  JOB_FAILED(9, "a part of the job failed on every peer, or the job was cancelled"),
  TIMED_OUT(10, "not done in the time that was given"),
  CONFLICT(11, "it exists already, it runs already, or its port is in use"),
  WRONG_FORMAT(12, "the home was written by another version of Kith"),
  NOT_PROVED(13, "the file does not prove anything about this realm's ledger"),
  INTERRUPTED(130, "stopped by Ctrl-C, or the reader of the output went away");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }

  /** The code that a problem ends with. */
  public static ExitCode of(Problem problem) {
    return switch (problem) {
      case BAD_REQUEST -> USAGE;
      case NOT_FOUND -> NOT_FOUND;
      case NOT_ALLOWED, TICKET_EXPIRED, TICKET_INVALID -> NOT_ALLOWED;
      case NOT_RUNNING, NO_PEERS, LEDGER_STALLED -> NOT_REACHABLE;
      case QUOTA_FULL, DISK_FULL -> NO_SPACE;
      case DATA_UNREACHABLE, DATA_CORRUPT -> DATA_LOST;
      case BAD_PROGRAM, PROGRAM_TOO_LARGE, NO_CAPABLE_PEER -> BAD_PROGRAM;
      case PART_FAILED, CANCELLED -> JOB_FAILED;
      case TIMED_OUT -> TIMED_OUT;
      case ALREADY_EXISTS, ALREADY_RUNNING, PORT_IN_USE -> CONFLICT;
      case WRONG_FORMAT -> WRONG_FORMAT;
      case INTERNAL -> BUG;
    };
  }
}
