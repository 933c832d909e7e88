package dev.kith.cli;

import dev.kith.node.realm.ByteSize;
import java.util.Locale;

/** Numbers with their nouns, as people write them. */
final class Counted {
  private Counted() {}

  /**
   * @param noun in the singular; its plural takes an s
   */
  static String of(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** An amount, the time that it took, and the rate where one can be told. */
  static String transfer(long bytes, double seconds) {
    String amount =
        String.format(Locale.ROOT, "%s in %.1f s", ByteSize.approximate(bytes), seconds);
    return bytes < 1_000_000 ? amount : amount + " (" + rate(bytes, seconds) + ")";
  }

  /** Megabytes a second; below ten with a digit after the point, as a slow line is no 0. */
  static String rate(long bytes, double seconds) {
    double megabytes = bytes / 1e6 / Math.max(1e-3, seconds);
    return String.format(Locale.ROOT, megabytes < 10 ? "%.1f MB/s" : "%.0f MB/s", megabytes);
  }
}
