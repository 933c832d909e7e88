package dev.kith.node.realm;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of bytes as people write them: {@code 500MB} (powers of ten), {@code 10GiB} (of two). */
public final class ByteSize {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,18})\\s*([kmgtp]?)(i?)b?", Pattern.CASE_INSENSITIVE);
  private static final String UNITS = "kmgtp";

  private ByteSize() {}

  /**
   * Reads an amount; a bare number is bytes, {@code K}, {@code M} and so on alone are powers of
   * two, as {@code ls -h} has them.
   *
   * @throws IllegalArgumentException when it is no amount, or more than a long holds
   */
  public static long parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException("size: not an amount of bytes: " + text);
    }
    String unit = form.group(2).toLowerCase(Locale.ROOT);
    boolean bare = !text.strip().toLowerCase(Locale.ROOT).endsWith("b");
    long base = form.group(3).isEmpty() && !bare ? 1000 : 1024;
    long bytes = Long.parseLong(form.group(1));
    try {
      for (int i = 0; i <= UNITS.indexOf(unit) && !unit.isEmpty(); i++) {
        bytes = Math.multiplyExact(bytes, base);
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("size: too large: " + text, e);
    }
    return bytes;
  }

  /** The largest binary unit that loses nothing: what {@link #parse} reads back. */
  public static String format(long bytes) {
    long value = bytes;
    int unit = 0;
    while (value != 0 && value % 1024 == 0 && unit < UNITS.length()) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? Long.toString(value)
        : value + UNITS.substring(unit - 1, unit).toUpperCase(Locale.ROOT) + "iB";
  }

  /** For people: three digits and a unit, such as {@code 1.21 GiB}. */
  public static String approximate(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length()) {
      value /= 1024;
      unit++;
    }
    String digits = value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, digits, value)
        + " "
        + UNITS.substring(unit - 1, unit).toUpperCase(Locale.ROOT)
        + "iB";
  }
}
