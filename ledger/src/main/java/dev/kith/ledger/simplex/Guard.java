package dev.kith.ledger.simplex;

/**
 * The rules that a careless change would lose without any single test noticing. The simulator
 * removes them one at a time, to prove that it would notice.
 */
public enum Guard {
  /** Never finalize in a view that one nullified: safety. */
  NO_FINALIZE_AFTER_NULLIFY,
  /** Notarize one block a view: safety. */
  ONE_NOTARIZE_A_VIEW,
  /** Notarize only where every view since the parent's is nullified: safety. */
  NULLIFICATIONS_FOR_THE_GAP,
  /** Count one's own votes again after a restart and with every retry: liveness. */
  COUNT_OWN_VOTES_AGAIN,
  /** Tell others again why one is in this view: liveness. */
  REPEAT_ENTRY_CERTIFICATE,
  /** Go on to the next view by a notarization although one nullified this one: liveness. */
  CERTIFY_AFTER_OWN_NULLIFY,
  /** Ask a proposal's leader for the certificates that one lacks: liveness. */
  FETCH_MISSING_CERTIFICATES,
  /** Deliver nothing after the last block of the epoch, and say nothing more: safety. */
  STOP_AT_THE_END,
  /**
   * Fetch final blocks where another validator is in a later epoch, or nothing goes on: liveness.
   */
  FOLLOW_INTO_THE_NEXT_EPOCH
}
