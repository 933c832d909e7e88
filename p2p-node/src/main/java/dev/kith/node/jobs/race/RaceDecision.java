package dev.kith.node.jobs.race;

import dev.kith.libp2p.identity.PeerId;

/** What to do. */
public sealed interface RaceDecision {
  /**
   * Sends a part to a peer.
   *
   * @param attempt its number, from 0, unique in the job
   * @param rank 0 for the racer that the peers should run first, then 1, 2 and so on
   */
  record Start(int attempt, int part, PeerId peer, int rank) implements RaceDecision {}

  /** Ends an attempt; nothing that it still reports matters. */
  record Stop(int attempt, Why why) implements RaceDecision {}

  /** The part's first valid answer is this attempt's. */
  record Done(int part, int attempt) implements RaceDecision {}

  /** All parts below {@code parts} are done now: their answers can go out in order. */
  record Prefix(int parts) implements RaceDecision {}

  /** Every part is done. */
  record Complete() implements RaceDecision {}

  /** The job cannot be done: a part failed on too many peers. */
  record Hopeless(int part, int peers, String detail) implements RaceDecision {}

  /** Why an attempt is ended. */
  enum Why {
    /** Another one answered first, or the job is over. */
    LATE,
    /** Nothing was heard of it for too long. */
    SILENT
  }
}
