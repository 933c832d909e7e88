package dev.kith.ledger.simplex;

/** Requests that each validator may make in a second: asking must not buy unbounded work. */
final class Budget {
  private final int perSecondMax;
  private final long[] window;
  private final int[] spent;

  Budget(int validators, int perSecondMax) {
    this.perSecondMax = perSecondMax;
    window = new long[validators];
    spent = new int[validators];
  }

  /** Counts one request, and says whether it is to be answered. */
  boolean allows(int validator, long nowMillis) {
    long second = nowMillis / 1_000;
    if (window[validator] != second) {
      window[validator] = second;
      spent[validator] = 0;
    }
    return ++spent[validator] <= perSecondMax;
  }
}
