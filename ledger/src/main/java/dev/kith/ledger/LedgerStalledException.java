package dev.kith.ledger;

import java.io.IOException;

/**
 * No final block came in time: too few validators are reachable. What was sent may still be final.
 */
public final class LedgerStalledException extends IOException {
  private static final long serialVersionUID = 1L;

  public LedgerStalledException(String message) {
    super(message);
  }
}
