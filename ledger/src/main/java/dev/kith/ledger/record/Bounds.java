package dev.kith.ledger.record;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.apache.tuweni.bytes.Bytes;

/** Checks of fields, worded alike. All throw IllegalArgumentException with the field's name. */
final class Bounds {
  static final int SIGNATURE_BYTES = 64;
  static final int NAME_BYTES_MAX = 64;

  private Bounds() {}

  static void range(String field, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(field + ": " + value + " not in " + min + ".." + max);
    }
  }

  static void exactly(String field, Bytes bytes, int size) {
    if (bytes.size() != size) {
      throw new IllegalArgumentException(field + ": " + bytes.size() + " bytes, not " + size);
    }
  }

  static void atMost(String field, Bytes bytes, int max) {
    range(field + " bytes", bytes.size(), 0, max);
  }

  static void count(String field, Collection<?> items, int min, int max) {
    range(field + " count", items.size(), min, max);
  }

  static void text(String field, String text, int bytesMax) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    range(field + " bytes", utf8.length, 0, bytesMax);
    if (!new String(utf8, StandardCharsets.UTF_8).equals(text)) {
      throw new IllegalArgumentException(field + ": not Unicode");
    }
  }
}
