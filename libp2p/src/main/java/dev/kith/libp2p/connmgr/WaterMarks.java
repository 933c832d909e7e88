package dev.kith.libp2p.connmgr;

import java.time.Duration;

/**
 * When connections are trimmed.
 *
 * @param low how many are left by a trim, where enough may be closed
 * @param high more than these lead to a trim
 * @param grace how long a new connection is left alone, so that it can prove of use
 * @param silence the least time between two trims
 */
public record WaterMarks(int low, int high, Duration grace, Duration silence) {
  /**
   * What go-libp2p has: 160 and 192, 20 s and 10 s. A DHT's routing table of 10,000 peers has about
   * 200 entries, of which most are idle, and a realm protects 64 members; 192 idle connections take
   * less than 20 MiB.
   */
  public static final WaterMarks STANDARD =
      new WaterMarks(160, 192, Duration.ofSeconds(20), Duration.ofSeconds(10));

  /** Fails with {@link IllegalArgumentException} where the marks are the wrong way round. */
  public WaterMarks {
    if (low < 0 || high < low || high < 1) {
      throw new IllegalArgumentException("water marks: " + low + ", " + high);
    }
    if (grace.isNegative() || silence.isNegative() || silence.isZero()) {
      throw new IllegalArgumentException("water marks: " + grace + ", " + silence);
    }
  }
}
