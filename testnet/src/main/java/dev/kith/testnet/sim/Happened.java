package dev.kith.testnet.sim;

/** What a run is interesting for; a sweep that never met one of these proves little of it. */
public enum Happened {
  BLOCK_FINAL("a block became final"),
  BLOCK_OVER_A_GAP("a final block followed views that were skipped"),
  VIEW_NULLIFIED("a view was skipped by a certificate"),
  NOTARIZED_NOT_FINAL("a block was notarized and its view skipped"),
  PARTITION("the network came apart"),
  CRASH("a validator crashed between two effects"),
  ALL_CRASHED("all validators crashed at once"),
  RECOVERED("a bare quorum went on by itself"),
  EPOCH_ENDED("an epoch ended"),
  END_BY_AN_EMPTY_BLOCK("the end of an epoch became final by an empty block after it"),
  EQUIVOCATION_SEEN("a validator was shown two statements of one liar");

  private final String meaning;

  Happened(String meaning) {
    this.meaning = meaning;
  }

  public String meaning() {
    return meaning;
  }
}
