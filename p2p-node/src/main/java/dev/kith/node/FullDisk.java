package dev.kith.node;

import java.io.IOException;
import java.util.Locale;
import java.util.Objects;

/** Tells a full disk from other failures: Java and the systems below it say so in words only. */
public final class FullDisk {
  private FullDisk() {}

  public static boolean caused(IOException failure) {
    String text = Objects.requireNonNullElse(failure.getMessage(), "").toLowerCase(Locale.ROOT);
    return text.contains("no space left") || text.contains("disk quota exceeded");
  }
}
