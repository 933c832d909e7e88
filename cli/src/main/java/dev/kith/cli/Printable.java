package dev.kith.cli;

import java.util.Locale;

/** Text of others on a terminal. */
final class Printable {
  private Printable() {}

  /** With what would break its line, or move the cursor, made harmless. */
  static String of(Object text) {
    StringBuilder shown = new StringBuilder();
    text.toString()
        .codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                shown.append(String.format(Locale.ROOT, "\\x%02x", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }
}
