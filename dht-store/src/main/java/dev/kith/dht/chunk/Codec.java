package dev.kith.dht.chunk;

import java.util.Optional;

/** What was done to a chunk's bytes before they were encrypted. The numbers are on disk. */
public enum Codec {
  RAW(0),
  ZSTD(1);

  private final int number;

  Codec(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  public static Optional<Codec> of(int number) {
    return switch (number) {
      case 0 -> Optional.of(RAW);
      case 1 -> Optional.of(ZSTD);
      default -> Optional.empty();
    };
  }
}
