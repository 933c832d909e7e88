package dev.kith.node.files.names;

import java.util.Set;

/** Names for files that met another of the same name. */
final class ConflictName {
  private ConflictName() {}

  /**
   * {@code report.pdf} becomes {@code report (conflict laptop).pdf}, or {@code (conflict laptop 2)}
   * where that is taken. The name keeps to the longest segment.
   */
  static String of(String name, String label, Set<String> taken) {
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    String extension = dot > 0 ? name.substring(dot) : "";
    // A device may be called anything; a segment may not.
    String clean = label.replaceAll("[\\p{Cntrl}/]", "");
    for (int i = 1; ; i++) {
      String tail = " (conflict " + clean + (i > 1 ? " " + i : "") + ")" + extension;
      String candidate = shorten(stem, Paths.SEGMENT_BYTES_MAX - Paths.utf8Length(tail)) + tail;
      if (!taken.contains(candidate)) {
        return candidate;
      }
    }
  }

  private static String shorten(String text, int bytesMax) {
    String shorter = text;
    while (Paths.utf8Length(shorter) > bytesMax && !shorter.isEmpty()) {
      shorter = shorter.substring(0, shorter.offsetByCodePoints(shorter.length(), -1));
    }
    return shorter;
  }
}
