package dev.kith.ledger.light;

import dev.kith.ledger.block.Header;

/** What a light client makes of what it was shown. */
public sealed interface Answer {
  /** It is final. */
  record Accepted(Header header) implements Answer {}

  /** It proves nothing to this client. */
  record Refused(Reason reason) implements Answer {}

  /** It is final, and so is something else that excludes it: nothing is believed any more. */
  record Frozen(Conflict conflict) implements Answer {}

  /** Why something proves nothing. */
  enum Reason {
    /** No signature counts: of another realm, not a quorum, or forged. */
    NOT_PROVED,
    /** Of an epoch whose committee is not known; the links to it are needed. */
    UNKNOWN_EPOCH,
    /** Too few of the trusted committee signed, so the epochs between are needed. */
    TOO_FEW_TRUSTED,
    /** What the client trusts is older than the trust period; a new checkpoint is needed. */
    TRUST_TOO_OLD,
    /** Its time is ahead of this client's clock. */
    FROM_THE_FUTURE
  }
}
