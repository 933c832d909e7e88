package dev.kith.node.jobs.race;

import dev.kith.libp2p.identity.PeerId;
import java.util.List;

/** What happened. */
public sealed interface RaceEvent {
  /** The peers that can run the program, as a whole list; who is not on it gets nothing new. */
  record Peers(List<Candidate> candidates) implements RaceEvent {
    public Peers {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * @param capacity attempts that may be with it at once, running and waiting
   */
  record Candidate(PeerId peer, int capacity) {
    public Candidate {
      if (capacity < 1) {
        throw new IllegalArgumentException("capacity: " + capacity);
      }
    }
  }

  /** The peer has no room for this attempt now. */
  record Busy(int attempt) implements RaceEvent {}

  /** A valid answer arrived. */
  record Answered(int attempt) implements RaceEvent {}

  /** The program failed there, or the peer's answer was not valid. */
  record Failed(int attempt, String detail) implements RaceEvent {}

  /**
   * The peer's worker process died under the part: because of the part, or of something else there.
   */
  record WorkerLost(int attempt, String detail) implements RaceEvent {}

  /** The peer could not be reached, or went away. */
  record Lost(int attempt) implements RaceEvent {}

  /** Time passed; wanted about ten times a second. */
  record Tick() implements RaceEvent {}
}
