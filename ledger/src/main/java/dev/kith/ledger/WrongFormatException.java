package dev.kith.ledger;

import java.io.IOException;

/** What is on disk was written by another version of Kith. It is left as it is. */
public final class WrongFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what file or folder
   * @param found its version
   * @param known the version that this Kith reads and writes
   */
  public WrongFormatException(String what, long found, int known) {
    super(
        what
            + " has the format "
            + found
            + ", and this Kith reads format "
            + known
            + " only; it was left as it is");
  }
}
