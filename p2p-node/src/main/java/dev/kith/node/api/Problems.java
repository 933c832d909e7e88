package dev.kith.node.api;

import dev.kith.ledger.LedgerStalledException;
import dev.kith.node.FullDisk;
import dev.kith.node.NodeException;
import dev.kith.node.Problem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Objects;

/** Names what went wrong, for those who are far from the stack trace. */
final class Problems {
  private Problems() {}

  /** A failure as it is told to clients. */
  record Told(Problem problem, String message) {}

  static Told of(Throwable failure) {
    return switch (failure) {
      case NodeException refused -> new Told(refused.problem(), message(refused));
      case LedgerStalledException stalled -> new Told(Problem.LEDGER_STALLED, message(stalled));
      case InterruptedException _, InterruptedIOException _ ->
          new Told(Problem.NOT_RUNNING, "the daemon is shutting down");
      case IllegalArgumentException bad -> new Told(Problem.BAD_REQUEST, message(bad));
      case IOException world when FullDisk.caused(world) ->
          new Told(Problem.DISK_FULL, "this device's disk is full");
      default ->
          new Told(Problem.INTERNAL, failure.getClass().getSimpleName() + ": " + message(failure));
    };
  }

  static int status(Problem problem) {
    return switch (problem) {
      case BAD_REQUEST -> 400;
      case NOT_ALLOWED, TICKET_EXPIRED, TICKET_INVALID -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ALREADY_RUNNING, PORT_IN_USE, CANCELLED -> 409;
      case BAD_PROGRAM, PROGRAM_TOO_LARGE, NO_CAPABLE_PEER, PART_FAILED -> 422;
      case INTERNAL, WRONG_FORMAT -> 500;
      case DATA_CORRUPT -> 502;
      case NOT_RUNNING, NO_PEERS, LEDGER_STALLED, DATA_UNREACHABLE -> 503;
      case TIMED_OUT -> 504;
      case QUOTA_FULL, DISK_FULL -> 507;
    };
  }

  private static String message(Throwable failure) {
    return Objects.requireNonNullElse(failure.getMessage(), "no reason given");
  }
}
