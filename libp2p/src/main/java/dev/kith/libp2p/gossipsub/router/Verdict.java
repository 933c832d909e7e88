package dev.kith.libp2p.gossipsub.router;

/** What a validator says of a message (gossipsub 1.1, extended validators). */
public enum Verdict {
  /** It is delivered and forwarded. */
  ACCEPT,
  /** It goes nowhere, and who sent it is penalised. */
  REJECT,
  /** It goes nowhere, and nobody is to blame. */
  IGNORE
}
